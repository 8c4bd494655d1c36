import type { EventRecord, Transition, Turn, TurnResult } from '@posthorn/core';
import { all, type Program, run, statement } from '../program.ts';
import { openLedger } from './ledger.ts';

/** The row, and what could still forbid it to leave. */
interface Candidate {
  readonly message_id: string;
  readonly tenant: string;
  readonly lease_token: string | null;
  readonly attempt: number;
  readonly expires_at: number | null;
  readonly suppressed: string | null;
}

const candidates = statement((db, p: { ids: string }, dialect) =>
  db
    .selectFrom('posthorn_deliveries as d')
    .innerJoin('posthorn_messages as m', 'm.id', 'd.message_id')
    .select(['d.message_id', 'd.tenant', 'd.lease_token', 'd.attempt', 'm.expires_at'])
    .select((it) =>
      it
        .selectFrom('posthorn_suppressions as s')
        .select('s.reason')
        .whereRef('s.tenant', '=', 'm.tenant')
        .whereRef('s.channel', '=', 'm.channel')
        .whereRef('s.address_key', '=', 'm.address_key')
        .where('s.lifted_at', 'is', null)
        .orderBy('s.created_at')
        .orderBy('s.id')
        .limit(1)
        .as('suppressed'),
    )
    .where('d.message_id', 'in', dialect.each(p.ids))
    .where('d.work', '=', 'queued'),
);

const beginSending = statement((db, p: { ids: string }, dialect) =>
  db
    .updateTable('posthorn_deliveries')
    .set((it) => ({ work: 'sending', attempt: it('attempt', '+', 1) }))
    .where('message_id', 'in', dialect.each(p.ids)),
);

/** One transaction between two windows: what came back is settled, the next ones are marked `sending`. */
export function* takeTurn(turn: Turn): Program<TurnResult> {
  const ledger = yield* openLedger(turn.settle);
  const settled = turn.settle.map((transition) => ledger.apply(transition));
  yield* ledger.write();
  return { settled, ...(yield* begin(turn)) };
}

function* begin({ begin: wanted, now, newEventId }: Turn): Program<Omit<TurnResult, 'settled'>> {
  if (wanted.length === 0) return { begun: [], ended: [], endedEvents: [] };
  const rows: readonly Candidate[] = yield* all(candidates, {
    ids: JSON.stringify(wanted.map(({ messageId }) => messageId)),
  });
  const byId = new Map(rows.map((row) => [row.message_id, row]));
  const begun: { messageId: string; attempt: number }[] = [];
  const endedEvents: EventRecord[] = [];
  for (const { tenant, messageId, token } of wanted) {
    const row = byId.get(messageId);
    if (row === undefined || row.tenant !== tenant || row.lease_token !== token) continue;
    byId.delete(messageId);
    const end = endOf(row, now);
    if (end === null) begun.push({ messageId, attempt: row.attempt + 1 });
    else endedEvents.push(endEvent(row, end, now, newEventId()));
  }
  if (begun.length > 0) {
    yield* run(beginSending, { ids: JSON.stringify(begun.map(({ messageId }) => messageId)) });
  }
  if (endedEvents.length === 0) return { begun, ended: [], endedEvents };
  const ends = endedEvents.map(
    (event): Transition => ({ event, when: {}, work: { work: 'done', dueAt: null }, otherwise: 'drop' }),
  );
  const ledger = yield* openLedger(ends);
  const ended = ends.map((end) => ledger.apply(end));
  yield* ledger.write();
  return { begun, ended, endedEvents };
}

type End = Pick<EventRecord, 'type' | 'reason'>;

function endOf(row: Candidate, now: number): End | null {
  if (row.expires_at !== null && row.expires_at <= now) return { type: 'expired', reason: null };
  if (row.suppressed !== null) return { type: 'skipped', reason: `suppressed:${row.suppressed}` };
  return null;
}

function endEvent(row: Candidate, end: End, now: number, id: string): EventRecord {
  return {
    id,
    tenant: row.tenant,
    messageId: row.message_id,
    ...end,
    attempt: row.attempt,
    occurredAt: now,
    recordedAt: now,
    failure: null,
    detail: {},
  };
}
