import { statusColumn } from '../deliveries/delivery-status.ts';
import { all, first, type Program, statement } from '../program.ts';

/** The most rows that one statement passes, so that none is long: a sweep is many of them. */
const STEP_ROWS = 5_000;

/** A stretch of the messages of a broadcast, by their ids. */
export interface Stretch {
  /** Behind this one. */
  readonly after: string;
  /** Up to this one. */
  readonly last: string;
}

type Place = { tenant: string; id: string };

const spanOf = statement((db, p: Place) =>
  db
    .selectFrom('posthorn_broadcasts')
    .select(['first_message', 'last_message'])
    .where('tenant', '=', p.tenant)
    .where('id', '=', p.id),
);

const stepEnd = statement((db, p: Stretch & { passed: number }) =>
  db
    .selectFrom('posthorn_deliveries')
    .select('message_id')
    .where('message_id', '>', p.after)
    .where('message_id', '<', p.last)
    .orderBy('message_id')
    .limit(1)
    .offset(p.passed),
);

const within = statement((db, p: Place & Stretch & { statuses: string; limit: number }, dialect) =>
  db
    .selectFrom('posthorn_deliveries')
    .select('message_id')
    .where('message_id', '>', p.after)
    .where('message_id', '<=', p.last)
    .where('tenant', '=', p.tenant)
    .where('broadcast', '=', p.id)
    .where(statusColumn, 'in', dialect.each(p.statuses))
    .orderBy('message_id')
    .limit(p.limit),
);

/** Where its messages lie, from behind `after` on; null where none do. */
export function* stretchOf(tenant: string, id: string, after: string | null): Program<Stretch | null> {
  const span = yield* first(spanOf, { tenant, id });
  if (!span?.first_message || !span.last_message) return null;
  // A text without its last character comes before it; foreign messages in between are not answered.
  const start = span.first_message.slice(0, -1);
  return { after: after !== null && after > start ? after : start, last: span.last_message };
}

/** The beginning of a stretch that one statement may pass. */
export function* nextStep(stretch: Stretch): Program<Stretch> {
  const end = yield* first(stepEnd, { ...stretch, passed: STEP_ROWS });
  return { after: stretch.after, last: end?.message_id ?? stretch.last };
}

/** Ids with one of these statuses, in order. */
export function* messagesWithin(
  tenant: string,
  id: string,
  stretch: Stretch,
  statuses: readonly string[],
  limit: number,
): Program<readonly string[]> {
  const rows = yield* all(within, { tenant, id, ...stretch, statuses: JSON.stringify(statuses), limit });
  return rows.map((row) => row.message_id);
}
