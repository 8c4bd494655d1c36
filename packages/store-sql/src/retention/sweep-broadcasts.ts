import { type RetentionRules, withoutPeople, withoutSamples } from '@posthorn/core';
import { sql } from 'kysely';
import { broadcastName, lock } from '../locks.ts';
import { all, each, first, type Program, run, statement } from '../program.ts';
import { endFileUses } from './file-uses.ts';
import type { Portion } from './phase.ts';
import { loosenContents } from './unused-contents.ts';

interface At {
  readonly createdAt: number;
  readonly id: string;
}

const BEGINNING: At = { createdAt: -1, id: '' };

type Stretch = { createdAt: number; id: string; before: number; limit: number };

const old = statement((db, p: Stretch) =>
  db
    .selectFrom('posthorn_broadcasts')
    .select(['tenant', 'id', 'created_at', 'input', 'template', 'version_id'])
    // Said, not given: only so the index of these is taken.
    .where('swept', '=', sql.lit(0))
    .where((it) => it(it.refTuple('created_at', 'id'), '>', it.tuple(p.createdAt, p.id)))
    .where('created_at', '<', p.before)
    .orderBy('created_at')
    .orderBy('id')
    .limit(p.limit),
);

type Place = { tenant: string; id: string };

const stateOf = statement((db, p: Place) =>
  db.selectFrom('posthorn_broadcasts').select('state').where('tenant', '=', p.tenant).where('id', '=', p.id),
);

const toRecipients = statement((db, p: Place) =>
  db
    .selectFrom('posthorn_messages')
    .select('id')
    .where('tenant', '=', p.tenant)
    .where('broadcast', '=', p.id)
    .where('broadcast', 'is not', null)
    .where('recipient_id', 'is not', null)
    .limit(1),
);

const toAddresses = statement((db, p: Place) =>
  db
    .selectFrom('posthorn_messages')
    .select('id')
    .where('tenant', '=', p.tenant)
    .where('broadcast', '=', p.id)
    .where('broadcast', 'is not', null)
    .where('recipient_id', 'is', null)
    .limit(1),
);

const counted = statement((db, p: Place) =>
  db
    .selectFrom('posthorn_broadcast_counts')
    .select('status')
    .where('tenant', '=', p.tenant)
    .where('broadcast', '=', p.id)
    .limit(1),
);

const sweep = statement((db, p: Place & { input: string }) =>
  db
    .updateTable('posthorn_broadcasts')
    .set({ swept: 1, input: p.input, sealed_data: null })
    .where('tenant', '=', p.tenant)
    .where('id', '=', p.id),
);

const drop = statement((db, p: Place) =>
  db.deleteFrom('posthorn_broadcasts').where('tenant', '=', p.tenant).where('id', '=', p.id),
);

/** Those without messages: the record and its counts stay, but where nothing was sent nothing does. */
export function* sweepBroadcasts(
  { messagesBefore, now }: RetentionRules,
  before: At | null,
  limit: number,
): Program<Portion<At>> {
  if (messagesBefore === null) return { at: null, looked: 0 };
  const rows = yield* all(old, { ...(before ?? BEGINNING), before: messagesBefore, limit });
  yield* lock(...rows.map(({ tenant, id }) => broadcastName(tenant, id)));
  for (const { tenant, id, input, template, version_id } of rows) {
    const place = { tenant, id };
    // Its list is being made at this moment.
    if ((yield* first(stateOf, place))?.state === 'listing') continue;
    if ((yield* first(toRecipients, place)) ?? (yield* first(toAddresses, place))) continue;
    if ((yield* first(counted, place)) === undefined) yield* run(drop, place);
    else yield* run(sweep, { ...place, input: JSON.stringify(withoutPeople(JSON.parse(input))) });
    yield* endFileUses(tenant, [id], now);
    if (template === null) yield* loosenContents(tenant, [version_id], now);
  }
  return portionOf(rows, limit);
}

const sampled = statement((db, p: Stretch) =>
  db
    .selectFrom('posthorn_broadcasts')
    .select(['tenant', 'id', 'created_at', 'plan'])
    .where('sampled', '=', sql.lit(1))
    .where((it) => it(it.refTuple('created_at', 'id'), '>', it.tuple(p.createdAt, p.id)))
    .where('created_at', '<', p.before)
    .orderBy('created_at')
    .orderBy('id')
    .limit(p.limit),
);

const setPlan = statement((db, p: Place & { plan: string }) =>
  db
    .updateTable('posthorn_broadcasts')
    .set({ plan: p.plan, sampled: 0 })
    .where('tenant', '=', p.tenant)
    .where('id', '=', p.id),
);

/** Whom a plan named as samples is nobody's business after some days, whether it was started or not. */
export function* forgetSamples(
  { samplesBefore }: RetentionRules,
  before: At | null,
  limit: number,
): Program<Portion<At>> {
  const rows = yield* all(sampled, { ...(before ?? BEGINNING), before: samplesBefore, limit });
  yield* each(
    setPlan,
    rows.map(({ tenant, id, plan }) => {
      return { tenant, id, plan: JSON.stringify(withoutSamples(JSON.parse(plan))) };
    }),
  );
  return portionOf(rows, limit);
}

function portionOf(
  rows: readonly { readonly created_at: number; readonly id: string }[],
  limit: number,
): Portion<At> {
  const last = rows.at(-1);
  const isOver = rows.length < limit || last === undefined;
  return { at: isOver ? null : { createdAt: last.created_at, id: last.id }, looked: rows.length };
}
