import type { CompiledSkeleton, TagCatalogue } from '../ports/index.ts';

/** The tags that the content of one channel and locale shows, or one part of it, in order of name. */
export async function tagsOfSkeleton(
  { skeleton, compiled }: CompiledSkeleton,
  catalogue: TagCatalogue,
  part?: 'subject',
): Promise<readonly string[]> {
  // Brings the template engine with it.
  const { nodesOf } = await import('./skeleton.ts');
  const nodes = [...nodesOf(skeleton.channel, compiled, catalogue)];
  const tags = nodes
    .filter((node) => part === undefined || node.part === part)
    .flatMap(({ tags }) => [...tags]);
  return [...new Set(tags)].sort();
}
