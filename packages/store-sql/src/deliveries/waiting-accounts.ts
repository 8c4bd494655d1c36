import { sql } from 'kysely';
import type { LimitedAccount } from '../limits/rooms.ts';
import { all, type Program, statement } from '../program.ts';
import { inWaiting } from './delivery-index.ts';

/** An account by which rows of one priority wait. */
export interface WaitingAccount extends LimitedAccount {
  readonly priority: number;
  /** Of its earliest row. */
  readonly due_at: number;
}

/**
 * Accounts with waiting rows, by priority; paused ones aside. It leaps from priority to priority and from account to
 * account through the index, so that a million rows of one account cost no more than one: within the account, then within
 * the same owner, then to the next.
 */
const leap = statement((db) => ({
  compile: () =>
    sql<WaitingAccount>`
      with recursive leap (account_tenant, account, priority, due_at) as (
        select account_tenant, account, priority, due_at from (
          select account_tenant, account, priority, due_at from ${sql.table('posthorn_deliveries')} where ${inWaiting}
          order by account_tenant, account, priority, due_at limit 1
        ) as first_row
        union all
        select d.account_tenant, d.account, d.priority, d.due_at
        from leap inner join ${sql.table('posthorn_deliveries')} as d on d.message_id = coalesce(
          (select message_id from ${sql.table('posthorn_deliveries')}
           where ${inWaiting} and account_tenant = leap.account_tenant and account = leap.account
             and priority > leap.priority
           order by priority, due_at limit 1),
          (select message_id from ${sql.table('posthorn_deliveries')}
           where ${inWaiting} and account_tenant = leap.account_tenant and account > leap.account
           order by account, priority, due_at limit 1),
          (select message_id from ${sql.table('posthorn_deliveries')}
           where ${inWaiting} and account_tenant > leap.account_tenant
           order by account_tenant, account, priority, due_at limit 1)
        )
      )
      select leap.account_tenant, leap.account, leap.priority, leap.due_at, l.closed_at, l.opens_at, l.room
      from leap
      left join ${sql.table('posthorn_accounts')} as a on a.tenant = leap.account_tenant and a.key = leap.account
      left join ${sql.table('posthorn_limits')} as l on l.account_tenant = leap.account_tenant and l.account = leap.account
      where a.pause is null
      order by leap.priority, leap.due_at`.compile(db),
}));

/** Singles first, then by time. */
export function* waitingAccounts(): Program<readonly WaitingAccount[]> {
  return yield* all(leap, {});
}
