import type { EventRecord, OutcomeName } from '@posthorn/core';
import { foundFirst } from '../found-first.ts';
import { broadcastName, share } from '../locks.ts';
import { all, first, type Program, statement } from '../program.ts';

/** A row that could begin, and what may forbid it. */
export interface Candidate {
  readonly message_id: string;
  readonly tenant: string;
  readonly broadcast: string | null;
  readonly lease_token: string | null;
  readonly attempt: number;
  readonly outcome: OutcomeName | 'requeued' | null;
  readonly expires_at: number | null;
  readonly suppressed: string | null;
}

/** What a broadcast says to its messages. */
export interface Leave {
  readonly state: string;
  readonly paused_at: number | null;
}

/** It begins, waits for its broadcast to go on, or ends here. */
export type Verdict = 'begin' | 'hold' | Pick<EventRecord, 'type' | 'reason'>;

const queuedRows = statement((db, p: { ids: string }, dialect) =>
  db
    .selectFrom('posthorn_deliveries as d')
    .innerJoin('posthorn_messages as m', 'm.id', 'd.message_id')
    .select(['d.message_id', 'd.tenant', 'd.broadcast', 'd.lease_token', 'd.attempt'])
    .select((it) => it.ref('d.outcome').$castTo<Candidate['outcome']>().as('outcome'))
    .select('m.expires_at')
    .select((it) =>
      it
        .selectFrom('posthorn_suppressions as s')
        .select('s.reason')
        .whereRef('s.tenant', '=', 'm.tenant')
        .whereRef('s.channel', '=', 'm.channel')
        .whereRef('s.address_key', '=', 'm.address_key')
        .where('s.lifted_at', 'is', null)
        .orderBy(foundFirst('s.created_at'))
        .orderBy('s.id')
        .limit(1)
        .as('suppressed'),
    )
    .where('d.message_id', 'in', dialect.each(p.ids))
    .where('d.work', '=', 'queued'),
);

export function* candidatesOf(messageIds: readonly string[]): Program<readonly Candidate[]> {
  return yield* all(queuedRows, { ids: JSON.stringify(messageIds) });
}

type Broadcast = { tenant: string; id: string };

const leaveOf = statement((db, p: Broadcast) =>
  db
    .selectFrom('posthorn_broadcasts')
    .select(['state', 'paused_at'])
    .where('tenant', '=', p.tenant)
    .where('id', '=', p.id),
);

/** By `broadcastName`. They stay as they are until the transaction ends: after a pause has committed nothing begins. */
export function* leavesOf(rows: readonly Candidate[]): Program<ReadonlyMap<string, Leave>> {
  const broadcasts = new Map<string, Broadcast>();
  for (const { tenant, broadcast: id } of rows) {
    if (id !== null) broadcasts.set(broadcastName(tenant, id), { tenant, id });
  }
  yield* share(...broadcasts.keys());
  const leaves = new Map<string, Leave>();
  for (const [name, broadcast] of broadcasts) {
    const leave = yield* first(leaveOf, broadcast);
    if (leave !== undefined) leaves.set(name, leave);
  }
  return leaves;
}

/** `leave`: its broadcast's; a single message has none. */
export function verdictOn(row: Candidate, leave: Leave | undefined, now: number): Verdict {
  if (leave?.state === 'canceled' || leave?.state === 'refused') return { type: 'canceled', reason: null };
  if (row.expires_at !== null && row.expires_at <= now) return { type: 'expired', reason: null };
  if (row.suppressed !== null) return { type: 'skipped', reason: `suppressed:${row.suppressed}` };
  const goesOn = leave === undefined || (leave.state === 'sending' && leave.paused_at === null);
  return goesOn ? 'begin' : 'hold';
}
