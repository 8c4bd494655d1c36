import type { Context, Scope } from '../context.ts';
import { didYouMean, quoted } from '../did-you-mean.ts';
import { NotFoundError } from '../errors.ts';
import type {
  AttachmentRef,
  CompiledSkeleton,
  ContentStore,
  NewContent,
  TemplateRecord,
  VersionRecord,
} from '../ports/index.ts';
import { checkAdHoc, checkInlineImages } from './check-content.ts';
import { adHocId, hashOf, versionOf } from './content-version.ts';
import { Recent } from './recent.ts';
import type { ContentParts } from './template.ts';

/** What is to be said: a template, or parts that have no name. */
export type ContentRequest =
  | { readonly template: string; readonly version?: number | undefined }
  | ContentParts;

/** Content that is ready to be rendered. */
export interface LoadedContent {
  readonly version: VersionRecord;
  /** Null for parts that have no name. */
  readonly template: TemplateRecord | null;
  readonly compiled: readonly CompiledSkeleton[];
  /** What is still to be stored, with the first message that says it. */
  readonly isNew: NewContent | null;
}

/** Versions kept in memory, per Posthorn: what everyday sends use. */
const KEPT = 100;
const caches = new WeakMap<Context, Recent<Promise<NewContent>>>();

/**
 * Loads a template's version, or compiles parts that have no name: once, however often they are sent. `attached` are the
 * files that travel beside parts without a name, for the images that their HTML shows.
 *
 * @throws NotFoundError `unknown_template`, `unknown_snippet`.
 * @throws InputError as `Templates.save`, for parts that have no name.
 */
export async function contentOf(
  context: Context,
  { tenant, locale }: Scope,
  request: ContentRequest,
  attached: readonly AttachmentRef[] = [],
): Promise<LoadedContent> {
  const { store } = await context.open();
  const cache = cacheOf(context);
  if ('template' in request) return loadTemplate(context, store.content, cache, tenant, request);
  return composeAdHoc(context, store.content, cache, { tenant, locale }, request, attached);
}

type Cache = Recent<Promise<NewContent>>;

/** A version that is stored, by its id; undefined where there is none. */
export async function loadVersion(
  context: Context,
  tenant: string,
  id: string,
): Promise<Pick<LoadedContent, 'version' | 'compiled'> | undefined> {
  const { store } = await context.open();
  const version = await store.content.getVersionById(tenant, id);
  if (version === undefined) return undefined;
  const { skeletons } = await storedContent(context, store.content, version);
  return { version, compiled: skeletons };
}

async function loadTemplate(
  context: Context,
  store: ContentStore,
  cache: Cache,
  tenant: string,
  { template: key, version }: { readonly template: string; readonly version?: number | undefined },
): Promise<LoadedContent> {
  const template = await store.getTemplate(tenant, key);
  if (template === undefined || template.removedAt !== null) throw await unknownTemplate(store, tenant, key);
  const number = version ?? template.currentVersion;
  const content = await keep(cache, JSON.stringify([tenant, key, number]), async () => {
    const found = await store.getVersion(tenant, key, number);
    if (found === undefined) throw unknownVersion(key, number);
    return storedContent(context, store, found);
  });
  return { version: content.version, template, compiled: content.skeletons, isNew: null };
}

async function composeAdHoc(
  context: Context,
  store: ContentStore,
  cache: Cache,
  { tenant, locale }: Pick<Scope, 'tenant' | 'locale'>,
  request: ContentParts,
  attached: readonly AttachmentRef[],
): Promise<LoadedContent> {
  const checked = checkAdHoc(request, locale);
  checkInlineImages(checked, attached);
  // Brings the template engine with it.
  const { pinContent, buildContent } = await import('./build-content.ts');
  const source = await pinContent(store, tenant, checked);
  const contentHash = hashOf(source);
  const stored = await store.findAdHocVersion(tenant, contentHash);
  if (stored !== undefined) {
    const kept = await keep(cache, JSON.stringify([tenant, stored.id]), () =>
      storedContent(context, store, stored),
    );
    return { version: stored, template: null, compiled: kept.skeletons, isNew: null };
  }
  const built = await keep(cache, JSON.stringify([tenant, '', contentHash]), async () => {
    const { used, skeletons } = await buildContent(context, checked, source);
    const place = {
      tenant,
      id: adHocId(tenant, contentHash),
      template: null,
      createdAt: context.clock.now(),
    };
    return { version: versionOf(source, used, place), skeletons, files: checked.files };
  });
  return { version: built.version, template: null, compiled: built.skeletons, isNew: built };
}

/** Its files stay in the store until a message leaves with them. */
async function storedContent(
  { tags }: Context,
  store: ContentStore,
  version: VersionRecord,
): Promise<NewContent> {
  const stored = await store.skeletonsOf(version.tenant, version.id);
  if (!Object.values(tags).some(({ sensitive }) => sensitive))
    return { version, skeletons: stored, files: [] };
  const { markSensitive } = await import('./mark-sensitive.ts');
  return { version, skeletons: stored.map((compiled) => markSensitive(compiled, tags)), files: [] };
}

/** Whoever asks while it is made waits for the same; what fails is forgotten. */
function keep(cache: Cache, key: string, make: () => Promise<NewContent>): Promise<NewContent> {
  const kept = cache.get(key);
  if (kept !== undefined) return kept;
  const made = make();
  cache.set(key, made);
  made.catch(() => cache.delete(key));
  return made;
}

function cacheOf(context: Context): Cache {
  const kept: Cache = caches.get(context) ?? new Recent(KEPT);
  caches.set(context, kept);
  return kept;
}

async function unknownTemplate(store: ContentStore, tenant: string, key: string): Promise<NotFoundError> {
  const known = (await store.listTemplates(tenant)).map((template) => template.key);
  return new NotFoundError('unknown_template', `There is no template ${quoted(key)}.`, {
    path: 'template',
    advice: didYouMean(key, known),
  });
}

function unknownVersion(key: string, number: number): NotFoundError {
  return new NotFoundError('unknown_template', `The template ${quoted(key)} has no version ${number}.`, {
    path: 'version',
    advice: '`templates.versions(key)` lists them.',
  });
}
