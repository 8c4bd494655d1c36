import { z } from 'zod';
import { checkInput, lookupSchema } from '../check-input.ts';
import type { Context, Scope } from '../context.ts';
import { decodeCursor, encodeCursor } from '../cursor.ts';
import type { BroadcastRecord, TagCatalogue } from '../ports/index.ts';
import type { Broadcast, Broadcasts } from './broadcast.ts';
import { cancelBroadcast, pauseBroadcast, resumeBroadcast } from './control-broadcast.ts';
import { planBroadcast } from './plan-broadcast.ts';
import { retryFailed } from './retry-failed.ts';
import { startBroadcast } from './start-broadcast.ts';
import { viewBroadcast } from './view-broadcast.ts';

const signalSchema = z.strictObject({
  signal: z.instanceof(AbortSignal, { message: 'must be an AbortSignal' }).optional(),
});
const listSchema = z.strictObject({
  limit: z.int().min(1).max(100).default(20),
  cursor: z.string().optional(),
});
const CURSOR_FILTER = { list: 'broadcasts' };

/** The broadcasts of one tenant. */
export function createBroadcasts<Tags extends TagCatalogue = TagCatalogue>(
  context: Context,
  scope: Scope,
): Broadcasts<Tags> {
  const { tenant } = scope;
  const view = async (record: BroadcastRecord): Promise<Broadcast> => {
    const { store } = await context.open();
    return viewBroadcast(context, record, await store.broadcasts.counts(tenant, record.id));
  };
  const checkId = (id: unknown) => checkInput(lookupSchema, id, 'id of a broadcast', 'id');
  return {
    async plan(input, options = {}) {
      const { signal } = checkInput(signalSchema, options, 'options of plan');
      return planBroadcast(context, scope, input, signal ?? new AbortController().signal);
    },
    start: async (id, options) => view(await startBroadcast(context, scope, checkId(id), options)),
    async get(id) {
      const record = await (await context.open()).store.broadcasts.get(tenant, checkId(id));
      return record === undefined ? null : view(record);
    },
    async list(options = {}) {
      const { limit, cursor } = checkInput(listSchema, options, 'list of broadcasts');
      const { store, keyring } = await context.open();
      const before =
        cursor === undefined ? undefined : await decodeCursor(keyring, tenant, CURSOR_FILTER, cursor);
      // One more than asked for says whether there is another page.
      const page = { limit: limit + 1, ...(before === undefined ? {} : { before }) };
      const records = await store.broadcasts.list(tenant, page);
      const shown = records.slice(0, limit);
      const last = records.length > limit ? shown.at(-1) : undefined;
      const items = await Promise.all(shown.map(view));
      const next = last === undefined ? null : await encodeCursor(keyring, tenant, CURSOR_FILTER, last);
      return { items, next };
    },
    pause: async (id) => view(await pauseBroadcast(context, scope, checkId(id))),
    resume: async (id) => view(await resumeBroadcast(context, scope, checkId(id))),
    cancel: async (id) => view(await cancelBroadcast(context, scope, checkId(id))),
    retryFailed: async (id) => ({ retried: await retryFailed(context, scope, checkId(id)) }),
  };
}
