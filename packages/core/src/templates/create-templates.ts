import { z } from 'zod';
import { checkInput, lookupSchema } from '../check-input.ts';
import type { Context, Scope } from '../context.ts';
import { quoted } from '../did-you-mean.ts';
import { ConflictError } from '../errors.ts';
import type { ContentStore } from '../ports/index.ts';
import { contentSourceOf } from './content-version.ts';
import { summaryOf, type Templates, templateOf } from './template-view.ts';

const getSchema = z.strictObject({ version: z.int().min(1).optional() });

/** The templates of one tenant. */
export function createTemplates(context: Context, scope: Scope): Templates {
  const { tenant } = scope;
  const rows = async () => (await context.open()).store.content;
  const checkKey = (key: unknown) => checkInput(lookupSchema, key, 'key of a template', 'key');
  return {
    async save(input) {
      // Brings the template engine with it.
      const { saveTemplate } = await import('./save-template.ts');
      return saveTemplate(context, scope, input);
    },
    async get(key, options = {}) {
      const { version: number } = checkInput(getSchema, options, 'options');
      const found = await findTemplate(await rows(), tenant, checkKey(key), number);
      return found === undefined ? null : templateOf(found.template, found.version);
    },
    async list() {
      return (await (await rows()).listTemplates(tenant)).map(summaryOf);
    },
    async versions(key) {
      const store = await rows();
      const template = await store.getTemplate(tenant, checkKey(key));
      if (template === undefined || template.removedAt !== null) return [];
      const versions = await store.listVersions(tenant, template.key);
      return versions.map(({ number, createdAt }) => ({
        version: number ?? 1,
        current: number === template.currentVersion,
        createdAt: new Date(createdAt),
      }));
    },
    async remove(key) {
      const store = await rows();
      await refuseIncluded(store, tenant, checkKey(key));
      return store.removeTemplate(tenant, key, context.clock.now());
    },
  };
}

/** The template and one of its versions; undefined where it was removed, or where either never was. */
async function findTemplate(store: ContentStore, tenant: string, key: string, number?: number) {
  const template = await store.getTemplate(tenant, key);
  if (template === undefined || template.removedAt !== null) return undefined;
  const version = await store.getVersion(tenant, key, number ?? template.currentVersion);
  return version === undefined ? undefined : { template, version };
}

/** Whoever includes it is pinned to it, but could not be saved again. */
async function refuseIncluded(store: ContentStore, tenant: string, key: string): Promise<void> {
  for (const other of await store.listTemplates(tenant)) {
    const version = await store.getVersion(tenant, other.key, other.currentVersion);
    if (version === undefined || !Object.hasOwn(contentSourceOf(version).snippets, key)) continue;
    throw new ConflictError(
      'template_in_use',
      `The template ${quoted(other.key)} includes the snippet ${quoted(key)}.`,
      {
        path: 'key',
        advice: 'Take it out there first.',
      },
    );
  }
}
