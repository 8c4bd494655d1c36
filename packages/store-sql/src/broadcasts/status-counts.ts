import type { BroadcastCounts } from '@posthorn/core';
import type { Status } from '../deliveries/delivery-status.ts';
import { all, each, type Program, statement } from '../program.ts';

export type CountedStatus = Status | 'postponed';

interface CountChange {
  tenant: string;
  broadcast: string;
  status: CountedStatus;
  messages: number;
}

const addToCount = statement((db, p: CountChange) =>
  db
    .insertInto('posthorn_broadcast_counts')
    .values({ tenant: p.tenant, broadcast: p.broadcast, status: p.status, messages: p.messages })
    .onConflict((conflict) =>
      conflict.columns(['tenant', 'broadcast', 'status']).doUpdateSet((it) => ({
        messages: it('posthorn_broadcast_counts.messages', '+', it.ref('excluded.messages')),
      })),
    ),
);

const ofBroadcast = statement((db, p: { tenant: string; id: string }) =>
  db
    .selectFrom('posthorn_broadcast_counts')
    .select(['status', 'messages'])
    .where('tenant', '=', p.tenant)
    .where('broadcast', '=', p.id)
    .where('messages', '<>', 0),
);

/** Whose status changes; single messages are of no broadcast, and are not counted. */
interface Counted {
  readonly tenant: string;
  readonly broadcast: string | null;
}

/** How the counts of broadcasts change in one transaction: gathered first, then written with a few statements. */
export class StatusCounts {
  readonly #changes = new Map<string, CountChange>();

  /** `from` is null for a message that is new. */
  move({ tenant, broadcast }: Counted, from: CountedStatus | null, to: CountedStatus): void {
    if (broadcast === null || from === to) return;
    if (from !== null) this.#add(tenant, broadcast, from, -1);
    this.#add(tenant, broadcast, to, 1);
  }

  *write(): Program<void> {
    if (this.#changes.size === 0) return;
    const changes = [...this.#changes].filter(([, { messages }]) => messages !== 0);
    // Always in one order, so that two transactions never wait for each other.
    changes.sort(([a], [b]) => (a < b ? -1 : 1));
    yield* each(
      addToCount,
      changes.map(([, change]) => change),
    );
  }

  #add(tenant: string, broadcast: string, status: CountedStatus, messages: number): void {
    const name = `${tenant}\n${broadcast}\n${status}`;
    const change = this.#changes.get(name);
    if (change === undefined) this.#changes.set(name, { tenant, broadcast, status, messages });
    else change.messages += messages;
  }
}

export function* countsOf(tenant: string, id: string): Program<BroadcastCounts> {
  const rows = yield* all(ofBroadcast, { tenant, id });
  return Object.fromEntries(rows.map(({ status, messages }) => [status, messages]));
}
