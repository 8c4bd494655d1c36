import { all, first, type Program, run, statement } from '../program.ts';
import type { Runner } from '../runner.ts';
import { placeOf } from './subscription-row.ts';

/** No transaction is open for so long that has looked who has subscribed. */
const FORGOTTEN_MS = 3_600_000;
const SLICE_ROWS = 1_000;

const mark = statement((db, p: { tenant: string; name: string; now: number }) =>
  db
    .updateTable('posthorn_subscriptions')
    .set({ removed_at: p.now, holder: null })
    .where('tenant', '=', p.tenant)
    .where('name', '=', p.name)
    .where('removed_at', 'is', null)
    .returning('id'),
);

const removed = statement((db) =>
  db.selectFrom('posthorn_subscriptions').select('id').where('removed_at', 'is not', null),
);

const dropSlice = statement((db, p: { id: string; limit: number }) =>
  db
    .deleteFrom('posthorn_feed')
    .where('position', 'in', (it) =>
      it
        .selectFrom('posthorn_feed')
        .select('position')
        .where('subscription', '=', p.id)
        .orderBy('position')
        .limit(p.limit),
    )
    .returning('position'),
);

const forget = statement((db, p: { before: number }) =>
  db.deleteFrom('posthorn_subscriptions').where('removed_at', '<', p.before),
);

export function* removeSubscription(tenant: string | null, name: string, now: number): Program<boolean> {
  return (yield* first(mark, { tenant: placeOf(tenant), name, now })) !== undefined;
}

/**
 * Clears away what waits for those that were removed, also what transactions wrote that were open as it happened: so it is
 * done again whenever one is saved or removed.
 */
export async function sweepFeed({ read, writeRelaxed }: Runner, now: number): Promise<void> {
  const rows = await read(() => all(removed, {}));
  for (const { id } of rows) {
    for (let dropped = SLICE_ROWS; dropped === SLICE_ROWS; ) {
      const slice = await writeRelaxed(() => all(dropSlice, { id, limit: SLICE_ROWS }));
      dropped = slice.length;
    }
  }
  if (rows.length > 0) await writeRelaxed(() => forgetRemoved(now));
}

function* forgetRemoved(now: number): Program<void> {
  yield* run(forget, { before: now - FORGOTTEN_MS });
}
