import type { CompiledSkeleton, TagCatalogue } from '../ports/index.ts';
import type { ContentSource } from './template.ts';

/**
 * Compiles content: a skeleton for every channel and locale that it has a part for.
 *
 * @throws InputError `template_syntax`, `template_unsafe` (a tag stands where nothing makes it safe) or `template_limit`;
 * NotFoundError `unknown_snippet`. All of them name the part.
 */
export async function compileContent(source: ContentSource, tags: TagCatalogue): Promise<CompiledSkeleton[]> {
  // Liquid, HTML and CSS are read by heavy libraries, which a host that sends nothing never loads.
  const { compileLocale } = await import('./compile-parts.ts');
  return Object.keys(source.locales).flatMap((locale) => compileLocale(source, locale, tags));
}
