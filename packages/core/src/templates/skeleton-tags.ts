import type { CompiledSkeleton, TagCatalogue } from '../ports/index.ts';

/** The tags that the content of one channel and locale shows, in order of name. */
export async function tagsOfSkeleton(
  { skeleton, compiled }: CompiledSkeleton,
  catalogue: TagCatalogue,
): Promise<readonly string[]> {
  // They bring the template engine with them.
  const [{ findTags }, { parseLiquid }, { sourcesOf }] = await Promise.all([
    import('./find-tags.ts'),
    import('./liquid.ts'),
    import('./skeleton.ts'),
  ]);
  const tags = new Set<string>();
  for (const { part, source } of sourcesOf(skeleton.channel, compiled)) {
    for (const found of findTags(parseLiquid(source, part), catalogue)) {
      for (const tag of found.tags) tags.add(tag);
    }
  }
  return [...tags].sort();
}
