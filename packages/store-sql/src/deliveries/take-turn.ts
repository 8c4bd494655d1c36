import type { EventRecord, Transition, Turn, TurnResult } from '@posthorn/core';
import { StatusCounts } from '../broadcasts/status-counts.ts';
import { spend } from '../limits/account-limits.ts';
import { broadcastName, lockDeliveries } from '../locks.ts';
import { type Program, run, statement } from '../program.ts';
import { type Candidate, candidatesOf, leavesOf, type Verdict, verdictOn } from './candidate.ts';
import { NEVER } from './delivery-index.ts';
import { statusOf } from './delivery-status.ts';
import { openLedger } from './ledger.ts';

type Begun = Omit<TurnResult, 'settled'>;

const beginSending = statement((db, p: { ids: string }, dialect) =>
  db
    .updateTable('posthorn_deliveries')
    .set((it) => ({ work: 'sending', attempt: it('attempt', '+', 1) }))
    .where('message_id', 'in', dialect.each(p.ids)),
);

const holdBack = statement((db, p: { ids: string }, dialect) =>
  db
    .updateTable('posthorn_deliveries')
    .set({ chunk: null, lease_token: null, due_at: NEVER })
    .where('message_id', 'in', dialect.each(p.ids)),
);

/** One transaction between two windows: what came back is settled, the next ones are marked `sending`. */
export function* takeTurn(turn: Turn): Program<TurnResult> {
  const touched = [
    ...turn.settle.map(({ event }) => event.messageId),
    ...turn.begin.map((it) => it.messageId),
  ];
  yield* lockDeliveries(JSON.stringify(touched));
  const counts = new StatusCounts();
  const ledger = yield* openLedger(turn.settle, counts);
  const settled = turn.settle.map((transition) => ledger.apply(transition));
  yield* ledger.write();
  const begun = yield* begin(turn, counts);
  yield* counts.write();
  return { settled, ...begun };
}

function* begin({ begin: wanted, limits, now, newEventId }: Turn, counts: StatusCounts): Program<Begun> {
  const ready: Candidate[] = [];
  const held: Candidate[] = [];
  const endedEvents: EventRecord[] = [];
  const own = yield* ownRows(wanted);
  const leaves = yield* leavesOf(own);
  for (const row of own) {
    const leave = row.broadcast === null ? undefined : leaves.get(broadcastName(row.tenant, row.broadcast));
    const verdict = verdictOn(row, leave, now);
    if (verdict === 'begin') ready.push(row);
    else if (verdict === 'hold') held.push(row);
    else endedEvents.push(endEvent(row, verdict, now, newEventId()));
  }
  if (held.length > 0) yield* run(holdBack, { ids: idsOf(held) });
  const granted = limits === null ? ready.length : yield* spend(limits, now, ready.length);
  return {
    begun: yield* send(ready.slice(0, granted), counts),
    ...(yield* end(endedEvents, counts)),
    limited: ready.slice(granted).map((row) => row.message_id),
  };
}

/** Those of the rows that still are `queued` under their token, each once, in the order in which they were asked for. */
function* ownRows(wanted: Turn['begin']): Program<readonly Candidate[]> {
  if (wanted.length === 0) return [];
  const rows = yield* candidatesOf(wanted.map(({ messageId }) => messageId));
  const byId = new Map(rows.map((row) => [row.message_id, row]));
  const own: Candidate[] = [];
  for (const { tenant, messageId, token } of wanted) {
    const row = byId.get(messageId);
    if (row === undefined || row.tenant !== tenant || row.lease_token !== token) continue;
    byId.delete(messageId);
    own.push(row);
  }
  return own;
}

function* send(rows: readonly Candidate[], counts: StatusCounts): Program<Begun['begun']> {
  if (rows.length === 0) return [];
  yield* run(beginSending, { ids: idsOf(rows) });
  for (const row of rows) {
    counts.move(row, statusOf('queued', row.outcome), statusOf('sending', row.outcome));
  }
  return rows.map((row) => ({ messageId: row.message_id, attempt: row.attempt + 1 }));
}

function* end(
  endedEvents: readonly EventRecord[],
  counts: StatusCounts,
): Program<Pick<Begun, 'ended' | 'endedEvents'>> {
  if (endedEvents.length === 0) return { ended: [], endedEvents };
  const ends = endedEvents.map(
    (event): Transition => ({ event, when: {}, work: { work: 'done', dueAt: null }, otherwise: 'drop' }),
  );
  const ledger = yield* openLedger(ends, counts);
  const ended = ends.map((it) => ledger.apply(it));
  yield* ledger.write();
  return { ended, endedEvents };
}

function endEvent(row: Candidate, end: Exclude<Verdict, string>, now: number, id: string): EventRecord {
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

function idsOf(rows: readonly Candidate[]): string {
  return JSON.stringify(rows.map((row) => row.message_id));
}
