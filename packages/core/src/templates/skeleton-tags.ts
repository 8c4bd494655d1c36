import type { CompiledSkeleton, TagCatalogue } from '../ports/index.ts';

/** The tags that the content of one channel and locale shows, in order of name. */
export async function tagsOfSkeleton(
  { skeleton, compiled }: CompiledSkeleton,
  catalogue: TagCatalogue,
): Promise<readonly string[]> {
  // Brings the template engine with it.
  const { nodesOf } = await import('./skeleton.ts');
  const tags = [...nodesOf(skeleton.channel, compiled, catalogue)].flatMap((node) => [...node.tags]);
  return [...new Set(tags)].sort();
}
