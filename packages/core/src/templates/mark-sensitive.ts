import type { CompiledSkeleton, TagCatalogue } from '../ports/index.ts';
import { showsSensitive } from './check-tags.ts';
import { parseLiquid } from './liquid.ts';
import { isSlot, sourcesOf } from './skeleton.ts';

/**
 * A stored skeleton with the slots that show what is sensitive by now: a host may have declared a tag so after the version
 * was saved. What was sensitive then stays so.
 */
export function markSensitive(
  { skeleton, compiled }: CompiledSkeleton,
  tags: TagCatalogue,
): CompiledSkeleton {
  const sensitive = new Set(skeleton.sensitiveSlots);
  let slot = 0;
  for (const { part, source } of sourcesOf(skeleton.channel, compiled)) {
    const nodes = parseLiquid(source, part);
    const shows = showsSensitive(nodes, tags);
    for (const [index, node] of nodes.entries()) {
      if (!isSlot(node)) continue;
      if (shows[index] === true) sensitive.add(slot);
      slot += 1;
    }
  }
  return { compiled, skeleton: { ...skeleton, sensitiveSlots: [...sensitive].sort((a, b) => a - b) } };
}
