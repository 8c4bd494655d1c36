import type { Context, Opened, Scope } from '../context.ts';
import type {
  AttachmentContent,
  ContentStore,
  IdentityRecord,
  NewContent,
  RecipientSource,
  SuppressionRecord,
  TagCatalogue,
  TemplateRecord,
} from '../ports/index.ts';
import { checkCatalogue } from './check-catalogue.ts';

export const scope: Scope = {
  tenant: 'salon-sol',
  scoped: false,
  locale: 'da',
  timeZone: 'Europe/Copenhagen',
  country: 'DK',
};

/** Half past one on a Friday night in Denmark. */
export const NOW = Date.UTC(2026, 10, 27, 0, 30);

interface Setting {
  readonly tags?: TagCatalogue;
  readonly sources?: Readonly<Record<string, RecipientSource>>;
  readonly identities?: readonly IdentityRecord[];
  /** Marks on addresses, by `channel:address` as people write it. */
  readonly suppressed?: Readonly<Record<string, SuppressionRecord['reason']>>;
  /** State to share with an earlier one, as a process does that starts again. */
  readonly content?: MemoryContent;
}

/** What the templates room is given, with content in memory. The store's own laws are proven by its conformance suite. */
export function setUp({
  tags = {},
  sources = {},
  identities = [],
  suppressed = {},
  content = memoryContent(),
}: Setting = {}) {
  const marks = new Map(Object.entries(suppressed));
  const opened = {
    keyring: {
      hmac: async (_name: string, data: string) => Buffer.from(JSON.parse(data).slice(1).join(':')),
    },
    store: {
      content: content.store,
      identities: {
        list: async () => identities,
        get: async (_tenant: string, channel: string, key: string) =>
          identities.find((identity) => identity.channel === channel && identity.key === key),
        defaultOf: async (_tenant: string, channel: string) =>
          identities.find((identity) => identity.channel === channel && identity.isDefault),
      },
      suppressions: {
        find: async (_tenant: string, _channel: string, keys: readonly string[]) =>
          new Map(
            keys.flatMap((key) => {
              const reason = marks.get(Buffer.from(key, 'hex').toString());
              return reason === undefined ? [] : [[key, { reason }] as const];
            }),
          ),
      },
    },
  } as unknown as Opened;
  const context = {
    clock: { now: () => NOW },
    adapters: new Map(),
    limits: new Map(),
    sources: new Map(Object.entries(sources)),
    tags: checkCatalogue(tags),
    publicUrl: 'https://app.salon.dk/messages',
    open: async () => opened,
  } as unknown as Context;
  return { context, content };
}

type MemoryContent = ReturnType<typeof memoryContent>;

function memoryContent() {
  const templates = new Map<string, TemplateRecord>();
  const versions: NewContent[] = [];
  const files = new Map<string, AttachmentContent>();
  let compiledReads = 0;

  const add = (content: NewContent) => {
    versions.push(content);
    for (const file of content.files) files.set(file.hash, file);
  };
  const ofTemplate = (tenant: string, key: string) =>
    versions.filter(({ version }) => version.tenant === tenant && version.template === key).reverse();
  const find = (tenant: string, key: string, number?: number) =>
    ofTemplate(tenant, key).find(
      ({ version }) => version.number === (number ?? templates.get(`${tenant}/${key}`)?.currentVersion),
    );

  const store: ContentStore = {
    async saveTemplate(template, content) {
      const place = `${template.tenant}/${template.key}`;
      const current = find(template.tenant, template.key)?.version;
      const same = current?.contentHash === content.version.contentHash ? current : undefined;
      const number = (ofTemplate(template.tenant, template.key)[0]?.version.number ?? 0) + 1;
      const version = same ?? { ...content.version, number };
      if (same === undefined) add({ ...content, version });
      const createdAt = templates.get(place)?.createdAt ?? template.createdAt;
      templates.set(place, { ...template, createdAt, currentVersion: version.number ?? 1, removedAt: null });
      return version;
    },
    async removeTemplate(tenant, key, now) {
      const record = templates.get(`${tenant}/${key}`);
      if (record === undefined || record.removedAt !== null) return false;
      templates.set(`${tenant}/${key}`, { ...record, removedAt: now });
      return true;
    },
    getTemplate: async (tenant, key) => templates.get(`${tenant}/${key}`),
    listTemplates: async (tenant) =>
      [...templates.values()]
        .filter((record) => record.tenant === tenant && record.removedAt === null)
        .sort((a, b) => (a.key < b.key ? -1 : 1)),
    listVersions: async (tenant, key) => ofTemplate(tenant, key).map(({ version }) => version),
    getVersion: async (tenant, key, number) => find(tenant, key, number)?.version,
    getVersionById: async (tenant, id) =>
      versions.find(({ version }) => version.tenant === tenant && version.id === id)?.version,
    versionNumbers: async (tenant, ids) =>
      new Map(
        versions
          .filter(({ version }) => version.tenant === tenant && ids.includes(version.id))
          .map(({ version }) => [version.id, version.number]),
      ),
    findAdHocVersion: async (tenant, hash) =>
      versions.find(
        ({ version }) =>
          version.tenant === tenant && version.template === null && version.contentHash === hash,
      )?.version,
    async skeletonsOf(tenant, id) {
      compiledReads += 1;
      return versions.find(({ version }) => version.tenant === tenant && version.id === id)?.skeletons ?? [];
    },
    getSkeleton: async (_tenant, id) =>
      versions.flatMap(({ skeletons }) => skeletons).find(({ skeleton }) => skeleton.id === id)?.skeleton,
    getSkeletons: async (_tenant, ids) =>
      new Map(
        versions
          .flatMap(({ skeletons }) => skeletons)
          .filter(({ skeleton }) => ids.includes(skeleton.id))
          .map(({ skeleton }) => [skeleton.id, skeleton]),
      ),
    knownFiles: async (_tenant, hashes) => new Set(hashes.filter((hash) => files.has(hash))),
    getFile: async (_tenant, { hash }) => files.get(hash),
  };
  return { store, add, files, versions, compiledReads: () => compiledReads };
}
