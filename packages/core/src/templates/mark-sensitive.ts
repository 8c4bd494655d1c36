import type { CompiledSkeleton, TagCatalogue } from '../ports/index.ts';
import { nodesOf } from './skeleton.ts';

/**
 * A stored skeleton with the slots that show what is sensitive by now: a host may have declared a tag so after the version
 * was saved. What was sensitive then stays so.
 */
export function markSensitive(
  { skeleton, compiled }: CompiledSkeleton,
  tags: TagCatalogue,
): CompiledSkeleton {
  const sealed = new Set(skeleton.sensitiveSlots);
  for (const { slot, sensitive } of nodesOf(skeleton.channel, compiled, tags)) {
    if (slot !== null && sensitive) sealed.add(slot);
  }
  return { compiled, skeleton: { ...skeleton, sensitiveSlots: [...sealed].sort((a, b) => a - b) } };
}
