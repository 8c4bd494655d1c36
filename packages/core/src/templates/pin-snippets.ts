import { didYouMean, quoted } from '../did-you-mean.ts';
import { InputError, NotFoundError } from '../errors.ts';
import type { ContentStore } from '../ports/index.ts';
import type { CheckedContent } from './check-content.ts';
import { contentSourceOf } from './content-version.ts';
import type { PinnedSnippet, SnippetPart, TemplateParts } from './template.ts';

/** The names of the snippets that a part includes; throws `template_syntax` with `path` where it is no Liquid. */
type FindSnippets = (source: string, path: string) => readonly string[];

/** A piece of Liquid and where it stands. */
interface SourcePiece {
  readonly path: string;
  readonly source: string;
}

/** Every piece of Liquid in one language's parts. */
export function* piecesOf(parts: TemplateParts, place: string): Generator<SourcePiece> {
  for (const [part, fields] of Object.entries(parts)) {
    for (const [field, source] of Object.entries(fields ?? {})) {
      if (typeof source === 'string') yield { path: `${place}${part}.${field}`, source };
    }
  }
}

/**
 * Looks up the current version of every snippet that the content includes, and of those that these include.
 *
 * @throws NotFoundError `unknown_snippet`.
 * @throws InputError `template_limit` for a snippet that includes itself.
 */
export async function pinSnippets(
  store: ContentStore,
  tenant: string,
  content: CheckedContent,
  find: FindSnippets,
  self?: string,
): Promise<Readonly<Record<string, PinnedSnippet>>> {
  const pinned: Record<string, PinnedSnippet> = {};
  const waiting: { name: string; path: string }[] = [];
  const look = ({ source, path }: SourcePiece) => {
    for (const name of find(source, path)) waiting.push({ name, path });
  };
  for (const [locale, parts] of Object.entries(content.source.locales)) {
    for (const piece of piecesOf(parts, content.places.get(locale) ?? '')) look(piece);
  }
  for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
    const { name, path } = next;
    if (Object.hasOwn(pinned, name)) continue;
    if (name === self) throw includesItself(name, path);
    const snippet = await loadSnippet(store, tenant, name, path);
    pinned[name] = snippet;
    for (const part of Object.values(snippet.locales)) {
      for (const { source } of piecesOf({ snippet: part }, '')) look({ source, path });
    }
  }
  return pinned;
}

async function loadSnippet(
  store: ContentStore,
  tenant: string,
  name: string,
  path: string,
): Promise<PinnedSnippet> {
  const template = await store.getTemplate(tenant, name);
  const version = template?.removedAt === null ? await store.getVersion(tenant, name) : undefined;
  if (version === undefined) throw await unknownSnippet(store, tenant, name, path);
  const source = contentSourceOf(version);
  const locales: Record<string, SnippetPart> = {};
  for (const [locale, { snippet }] of Object.entries(source.locales)) {
    if (snippet !== undefined) locales[locale] = snippet;
  }
  if (Object.keys(locales).length === 0) {
    throw new NotFoundError('unknown_snippet', `The template ${quoted(name)} has no snippet to include.`, {
      path,
      advice: 'Save it with a part `snippet`.',
    });
  }
  return { version: version.number ?? 1, locale: source.locale, locales };
}

async function unknownSnippet(store: ContentStore, tenant: string, name: string, path: string) {
  const known = await store.listTemplates(tenant);
  return new NotFoundError('unknown_snippet', `There is no snippet ${quoted(name)}.`, {
    path,
    advice: didYouMean(
      name,
      known.map(({ key }) => key),
    ),
  });
}

function includesItself(name: string, path: string): InputError {
  return new InputError('template_limit', `The snippet ${quoted(name)} includes itself.`, { path });
}
