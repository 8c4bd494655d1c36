import { checkInput, lookupSchema } from '../check-input.ts';
import type { Context, Scope } from '../context.ts';
import { saveSegment } from './save-segment.ts';
import { type Segments, segmentOf } from './segment.ts';

/** The segments of one tenant. */
export function createSegments(context: Context, scope: Scope): Segments {
  const { tenant } = scope;
  const rows = async () => (await context.open()).store.segments;
  const checkKey = (key: unknown) => checkInput(lookupSchema, key, 'key of a segment', 'key');
  return {
    save: async (input) => segmentOf(await saveSegment(context, scope, input)),
    async get(key) {
      const found = await (await rows()).get(tenant, checkKey(key));
      return found === undefined ? null : segmentOf(found);
    },
    list: async () => (await (await rows()).list(tenant)).map(segmentOf),
    remove: async (key) => (await rows()).remove(tenant, checkKey(key)),
  };
}
