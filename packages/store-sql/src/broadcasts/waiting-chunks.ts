import { sql } from 'kysely';
import type { LimitedAccount } from '../limits/rooms.ts';
import { all, type Program, statement } from '../program.ts';
import { isChunkQueued, isChunkWaiting } from './chunk-row.ts';

/** The most chunks of one broadcast and account that are in the queue, so that a pause finds little there. */
export const MAX_QUEUED = 200;

/** The waiting chunks of one broadcast by one account. */
export interface WaitingChunks extends LimitedAccount {
  readonly tenant: string;
  readonly broadcast: string;
  /** When it may leave; 0 where it may at once. */
  readonly due_at: number;
  /** How many of its chunks are in the queue. */
  readonly queued: number;
}

/**
 * Broadcasts whose list is complete, with waiting chunks by an account; those that are paused aside. It leaps like the
 * due-scan: how many chunks wait, and how many broadcasts there ever were, does not matter.
 */
const leap = statement((db) => ({
  compile: () =>
    sql<WaitingChunks>`
      with recursive leap (account_tenant, account, tenant, broadcast) as (
        select account_tenant, account, tenant, broadcast from (
          select account_tenant, account, tenant, broadcast from ${sql.table('posthorn_chunks')} where ${isChunkWaiting}
          order by account_tenant, account, tenant, broadcast limit 1
        ) as first_chunk
        union all
        select c.account_tenant, c.account, c.tenant, c.broadcast
        from leap inner join ${sql.table('posthorn_chunks')} as c on c.chunk = coalesce(
          (select chunk from ${sql.table('posthorn_chunks')}
           where ${isChunkWaiting} and account_tenant = leap.account_tenant and account = leap.account
             and tenant = leap.tenant and broadcast > leap.broadcast
           order by broadcast, chunk limit 1),
          (select chunk from ${sql.table('posthorn_chunks')}
           where ${isChunkWaiting} and account_tenant = leap.account_tenant and account = leap.account
             and tenant > leap.tenant
           order by tenant, broadcast, chunk limit 1),
          (select chunk from ${sql.table('posthorn_chunks')}
           where ${isChunkWaiting} and account_tenant = leap.account_tenant and account > leap.account
           order by account, tenant, broadcast, chunk limit 1),
          (select chunk from ${sql.table('posthorn_chunks')}
           where ${isChunkWaiting} and account_tenant > leap.account_tenant
           order by account_tenant, account, tenant, broadcast, chunk limit 1)
        )
      )
      select line.account_tenant, line.account, line.tenant, line.broadcast, line.due_at,
        l.closed_at, l.opens_at, l.room,
        (select count(*) from ${sql.table('posthorn_chunks')}
         where ${isChunkQueued} and account_tenant = line.account_tenant and account = line.account
           and tenant = line.tenant and broadcast = line.broadcast) as queued
      from (
        select account_tenant, account, tenant, broadcast,
          (select coalesce(start_at, 0) from ${sql.table('posthorn_broadcasts')}
           where tenant = leap.tenant and id = leap.broadcast
             and state = 'sending' and paused_at is null) as due_at
        from leap
      ) as line
      left join ${sql.table('posthorn_accounts')} as a on a.tenant = line.account_tenant and a.key = line.account
      left join ${sql.table('posthorn_limits')} as l on l.account_tenant = line.account_tenant and l.account = line.account
      where line.due_at is not null and a.pause is null`.compile(db),
}));

/** Those of which the queue has not enough already. */
export function* waitingChunks(): Program<readonly WaitingChunks[]> {
  return (yield* all(leap, {})).filter(({ queued }) => queued < MAX_QUEUED);
}
