import type { Template } from 'liquidjs';
import type { Context } from '../context.ts';
import type { CompiledSkeleton, ContentStore } from '../ports/index.ts';
import type { CheckedContent } from './check-content.ts';
import { checkFilters } from './check-filters.ts';
import { checkTags, type ParsedPart, type UsedTags } from './check-tags.ts';
import { compileContent } from './compile-content.ts';
import { readTree } from './compile-tree.ts';
import type { OpenSnippet } from './find-tags.ts';
import { parseLiquid } from './liquid.ts';
import { pickSnippet } from './pick-skeleton.ts';
import { piecesOf, pinSnippets } from './pin-snippets.ts';
import type { ContentSource, SnippetPart } from './template.ts';
import { snippetsIn } from './template-nodes.ts';

/** Content that is ready to become a version. */
interface BuiltContent {
  readonly used: UsedTags;
  readonly skeletons: readonly CompiledSkeleton[];
}

/** Looks up the snippets of checked content, which makes it whole. `self` is the key that it is to be saved under. */
export async function pinContent(
  store: ContentStore,
  tenant: string,
  checked: CheckedContent,
  self?: string,
): Promise<ContentSource> {
  const find = (source: string, path: string) => {
    // Most content has no tags, and ad-hoc content comes by here with every send.
    if (!source.includes('{%')) return [];
    // Refuses what is too large or nested too deeply, which Liquid's parser does not.
    readTree(source, path);
    return [...snippetsIn(parseLiquid(source, path))];
  };
  return { ...checked.source, snippets: await pinSnippets(store, tenant, checked, find, self) };
}

/** Checks the tags of content and compiles it. */
export async function buildContent(
  { tags }: Pick<Context, 'tags'>,
  { places }: Pick<CheckedContent, 'places'>,
  source: ContentSource,
): Promise<BuiltContent> {
  // Compiled first: it is what finds content without bounds, snippets that double with every level.
  const skeletons = await compileContent(source, tags);
  const parts = [...partsOf(places, source)];
  for (const part of parts) checkFilters(part);
  return { used: checkTags(parts, tags), skeletons };
}

/** Every part, parsed, with the snippets as its language and its form see them. */
function* partsOf(
  places: CheckedContent['places'],
  { locales, snippets }: ContentSource,
): Generator<ParsedPart> {
  for (const [locale, parts] of Object.entries(locales)) {
    for (const { path, source } of piecesOf(parts, places.get(locale) ?? '')) {
      const form = path.endsWith('.html') ? 'html' : 'text';
      const openSnippet = openOnce((name) => {
        const snippet = Object.hasOwn(snippets, name) ? snippets[name] : undefined;
        // As it is compiled: in the nearest language, in the part's form or else in the other one.
        const part: SnippetPart = snippet === undefined ? {} : pickSnippet(snippet, locale);
        return part[form] ?? part.text ?? part.html ?? '';
      });
      yield { path, nodes: parseLiquid(source, path), openSnippet, isSnippet: path.includes('snippet.') };
    }
  }
}

function openOnce(textOf: (name: string) => string): OpenSnippet {
  const opened = new Map<string, readonly Template[]>();
  return (name) => {
    const nodes = opened.get(name) ?? parseLiquid(textOf(name), `snippets.${name}`);
    opened.set(name, nodes);
    return nodes;
  };
}
