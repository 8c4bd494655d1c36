import type { EventRecord, OutcomeName } from '@posthorn/core';
import { foundFirst } from '../found-first.ts';
import { all, type Program, statement } from '../program.ts';

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
  /** Of its broadcast; null for a single message. */
  readonly state: string | null;
  readonly paused_at: number | null;
}

/** It begins, waits for its broadcast to go on, or ends here. */
export type Verdict = 'begin' | 'hold' | Pick<EventRecord, 'type' | 'reason'>;

const queuedRows = statement((db, p: { ids: string }, dialect) =>
  db
    .selectFrom('posthorn_deliveries as d')
    .innerJoin('posthorn_messages as m', 'm.id', 'd.message_id')
    .leftJoin('posthorn_broadcasts as b', (on) =>
      on.onRef('b.tenant', '=', 'd.tenant').onRef('b.id', '=', 'd.broadcast'),
    )
    .select(['d.message_id', 'd.tenant', 'd.broadcast', 'd.lease_token', 'd.attempt'])
    .select((it) => it.ref('d.outcome').$castTo<Candidate['outcome']>().as('outcome'))
    .select(['m.expires_at', 'b.state', 'b.paused_at'])
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

export function verdictOn(row: Candidate, now: number): Verdict {
  if (row.state === 'canceled' || row.state === 'refused') return { type: 'canceled', reason: null };
  if (row.expires_at !== null && row.expires_at <= now) return { type: 'expired', reason: null };
  if (row.suppressed !== null) return { type: 'skipped', reason: `suppressed:${row.suppressed}` };
  const goesOn = row.state === null || (row.state === 'sending' && row.paused_at === null);
  return goesOn ? 'begin' : 'hold';
}
