import type { JobRecord, OutcomeName, Work } from '@posthorn/core';
import type { StatusCounts } from '../broadcasts/status-counts.ts';
import { all, type Program, run, statement } from '../program.ts';
import { inWaiting } from './delivery-index.ts';
import { statusOf } from './delivery-status.ts';
import type { WaitingAccount } from './waiting-accounts.ts';

type Line = { accountTenant: string; account: string; priority: number };

/** One that is just being canceled is looked at again by the next scan. */
const dueRows = statement((db, p: Line & { now: number; limit: number }, dialect) =>
  dialect.passLocked(
    db
      .selectFrom('posthorn_deliveries')
      .select(['message_id', 'tenant', 'broadcast', 'work', 'outcome'])
      .where(inWaiting)
      .where('account_tenant', '=', p.accountTenant)
      .where('account', '=', p.account)
      .where('priority', '=', p.priority)
      .where('due_at', '<=', p.now)
      .orderBy('due_at')
      .limit(p.limit),
  ),
);

const takeIntoChunk = statement((db, p: { chunk: string; ids: string }, dialect) =>
  db
    .updateTable('posthorn_deliveries')
    .set({ chunk: p.chunk, work: 'queued' })
    .where('message_id', 'in', dialect.each(p.ids)),
);

interface DueRow {
  readonly message_id: string;
  readonly tenant: string;
  readonly broadcast: string | null;
  readonly work: string;
  readonly outcome: string | null;
}

/** Puts the earliest due rows of an account and priority into chunks of one tenant each, and answers their jobs. */
export function* queueRows(
  { account_tenant: accountTenant, account, priority }: WaitingAccount,
  scan: {
    readonly now: number;
    readonly limit: number;
    readonly chunkSize: number;
    readonly newId: () => string;
    readonly counts: StatusCounts;
  },
): Program<{ readonly jobs: readonly JobRecord[]; readonly rows: number }> {
  const { now, limit, chunkSize, newId, counts } = scan;
  const rows = yield* all(dueRows, { accountTenant, account, priority, now, limit });
  const jobs: JobRecord[] = [];
  for (const [tenant, own] of Map.groupBy(rows, (row) => row.tenant)) {
    for (let from = 0; from < own.length; from += chunkSize) {
      const chunk = newId();
      const ids = own.slice(from, from + chunkSize).map((row) => row.message_id);
      yield* run(takeIntoChunk, { chunk, ids: JSON.stringify(ids) });
      jobs.push({ id: newId(), kind: 'messages', tenant, account, accountTenant, chunk, priority });
    }
  }
  for (const row of rows) countQueued(row, counts);
  return { jobs, rows: rows.length };
}

/** What was `scheduled` is `queued` from now on. */
function countQueued(row: DueRow, counts: StatusCounts): void {
  const outcome = row.outcome as OutcomeName | 'requeued' | null;
  counts.move(row, statusOf(row.work as Work, outcome), statusOf('queued', outcome));
}
