import { setImmediate } from 'node:timers/promises';
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
  const compiled: CompiledSkeleton[] = [];
  for (const locale of Object.keys(source.locales)) {
    compiled.push(...compileLocale(source, locale, tags));
    // A language may take a second: between them the host has its turn.
    await setImmediate();
  }
  return compiled;
}
