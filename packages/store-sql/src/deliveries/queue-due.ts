import type { DueScan, JobRecord } from '@posthorn/core';
import { sql } from 'kysely';
import type { PushJobs } from '../jobs/push-jobs.ts';
import { all, first, type Program, run, statement } from '../program.ts';
import { inWaiting } from './delivery-index.ts';

/** The most rows one scan queues, so that no transaction is held long; the next scan finds what is left still due. */
const MAX_ROWS = 2_000;

interface WaitingAccount {
  readonly account_tenant: string;
  readonly account: string;
  /** Of its earliest row. */
  readonly due_at: number;
}

/**
 * Accounts with waiting rows, paused ones aside. It leaps from account to account through the index, so that a million
 * rows of a paused account cost no more than one: first within the same owner, then to the next.
 */
const waitingAccounts = statement((db) => ({
  compile: () =>
    sql<WaitingAccount>`
      with recursive leap (account_tenant, account, due_at) as (
        select account_tenant, account, due_at from (
          select account_tenant, account, due_at from posthorn_deliveries where ${inWaiting}
          order by account_tenant, account, due_at limit 1
        ) as first_account
        union all
        select d.account_tenant, d.account, d.due_at
        from leap inner join posthorn_deliveries as d on d.message_id = coalesce(
          (select message_id from posthorn_deliveries
           where ${inWaiting} and account_tenant = leap.account_tenant and account > leap.account
           order by account, due_at limit 1),
          (select message_id from posthorn_deliveries
           where ${inWaiting} and account_tenant > leap.account_tenant
           order by account_tenant, account, due_at limit 1)
        )
      )
      select leap.account_tenant, leap.account, leap.due_at
      from leap left join posthorn_accounts as a on a.tenant = leap.account_tenant and a.key = leap.account
      where a.pause is null
      order by leap.due_at`.compile(db),
}));

type Account = { accountTenant: string; account: string };

const dueRows = statement((db, p: Account & { now: number; limit: number }) =>
  db
    .selectFrom('posthorn_deliveries')
    .select(['message_id', 'tenant', 'priority'])
    .where(inWaiting)
    .where('account_tenant', '=', p.accountTenant)
    .where('account', '=', p.account)
    .where('due_at', '<=', p.now)
    .orderBy('due_at')
    .limit(p.limit),
);

const earliest = statement((db, p: Account) =>
  db
    .selectFrom('posthorn_deliveries')
    .select('due_at')
    .where(inWaiting)
    .where('account_tenant', '=', p.accountTenant)
    .where('account', '=', p.account)
    .orderBy('due_at')
    .limit(1),
);

const takeIntoChunk = statement((db, p: { chunk: string; ids: string }, dialect) =>
  db
    .updateTable('posthorn_deliveries')
    .set({ chunk: p.chunk, work: 'queued' })
    .where('message_id', 'in', dialect.each(p.ids)),
);

/** When the next waiting row of an account that is not paused is due. Reads only. */
export function* nextDueAt(): Program<number | null> {
  return (yield* first(waitingAccounts, {}))?.due_at ?? null;
}

export function* queueDue(
  now: number,
  chunkSize: number,
  newId: () => string,
  pushJobs: PushJobs,
): Program<DueScan> {
  const waiting = yield* all(waitingAccounts, {});
  const times: (number | null)[] = waiting.filter((it) => it.due_at > now).map((it) => it.due_at);
  const due = waiting.filter((it) => it.due_at <= now);
  // Each account gets a share, so that a great one does not keep the others waiting.
  const limit = Math.max(1, Math.floor(MAX_ROWS / Math.max(1, due.length)));
  const jobs: JobRecord[] = [];
  let queued = 0;
  for (const { account_tenant: accountTenant, account } of due) {
    if (queued >= MAX_ROWS) {
      times.push(now);
      break;
    }
    const rows = yield* all(dueRows, { accountTenant, account, now, limit });
    for (const chunk of chunks(rows, chunkSize)) {
      const job = {
        id: newId(),
        chunk: newId(),
        accountTenant,
        account,
        tenant: chunk.tenant,
        priority: chunk.priority,
      };
      yield* run(takeIntoChunk, { chunk: job.chunk, ids: JSON.stringify(chunk.ids) });
      jobs.push(job);
    }
    queued += rows.length;
    times.push((yield* first(earliest, { accountTenant, account }))?.due_at ?? null);
  }
  yield* pushJobs(jobs);
  const upcoming = times.filter((time) => time !== null);
  return { queued, nextDueAt: upcoming.length === 0 ? null : Math.min(...upcoming) };
}

interface Chunk {
  readonly tenant: string;
  readonly priority: number;
  readonly ids: string[];
}

/** A chunk holds one tenant and priority; rows keep their order. */
function chunks(
  rows: readonly { readonly message_id: string; readonly tenant: string; readonly priority: number }[],
  chunkSize: number,
): readonly Chunk[] {
  const open = new Map<string, Chunk>();
  const made: Chunk[] = [];
  for (const { message_id, tenant, priority } of rows) {
    const place = JSON.stringify([tenant, priority]);
    let chunk = open.get(place);
    if (chunk === undefined || chunk.ids.length >= chunkSize) {
      chunk = { tenant, priority, ids: [] };
      open.set(place, chunk);
      made.push(chunk);
    }
    chunk.ids.push(message_id);
  }
  return made;
}
