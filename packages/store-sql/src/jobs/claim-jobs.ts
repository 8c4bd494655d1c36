import type { JobRecord } from '@posthorn/core';
import { sql } from 'kysely';
import { all, each, type Program, statement } from '../program.ts';
import type { JobRow } from '../schema.ts';

/** Which jobs a worker could take now. */
export interface JobQuestion {
  readonly now: number;
  readonly limit: number;
  /** The most jobs of one account, those in `held` included. */
  readonly perAccount: number;
  /** What the worker has in hand already. */
  readonly held: readonly JobRecord[];
  /** Whether a lease's owner is known to be dead, so that its end need not be waited for. */
  readonly isGone: (owner: string) => boolean;
}

/** The taking of them. */
export interface Claim extends JobQuestion {
  /** Names this process; see `isGone`. */
  readonly owner: string;
  readonly leaseUntil: number;
  readonly newToken: () => string;
}

/** A job in a worker's hand. */
export interface ClaimedJob {
  readonly job: JobRecord;
  readonly token: string;
  /** How often it was given back by a handler that failed. */
  readonly failures: number;
}

const leased = statement((db) =>
  db
    .selectFrom('posthorn_jobs')
    .select(['id', 'lease_owner', 'lease_until'])
    .where('lease_token', 'is not', null),
);

const accountName = sql<string>`account_tenant || ${'\n'} || account`;

const available = statement((db, p: { now: number; limit: number; fullAccounts: string }, dialect) =>
  db
    .selectFrom('posthorn_jobs')
    .selectAll()
    .where('lease_token', 'is', null)
    .where('available_at', '<=', p.now)
    .where(accountName, 'not in', dialect.each(p.fullAccounts))
    .orderBy('priority')
    .orderBy('id')
    .limit(p.limit),
);

const free = statement((db, p: { id: string }) =>
  db
    .updateTable('posthorn_jobs')
    .set({ lease_token: null, lease_owner: null, lease_until: null })
    .where('id', '=', p.id),
);

const take = statement((db, p: { id: string; token: string; owner: string; until: number }) =>
  db
    .updateTable('posthorn_jobs')
    .set({ lease_token: p.token, lease_owner: p.owner, lease_until: p.until })
    .where('id', '=', p.id),
);

/** Whether a claim would find something. Reads only, so that an idle worker never takes the write lock. */
export function* hasClaimableJob(question: JobQuestion): Program<boolean> {
  const [job] = yield* nextJobs({ ...question, limit: 1 });
  return job !== undefined || (yield* abandonedJobs(question)).length > 0;
}

/** By priority, then the oldest. Jobs whose lease has ended are free again first. */
export function* claimJobs(claim: Claim): Program<readonly ClaimedJob[]> {
  const abandoned = yield* abandonedJobs(claim);
  yield* each(
    free,
    abandoned.map((id) => ({ id })),
  );
  const rows = yield* nextJobs(claim);
  const claimed = rows.map((row) => ({ job: jobOf(row), token: claim.newToken(), failures: row.failures }));
  yield* each(
    take,
    claimed.map(({ job, token }) => ({ id: job.id, token, owner: claim.owner, until: claim.leaseUntil })),
  );
  return claimed;
}

/** Asked again, without the accounts that are full by now, until there are enough or no more. */
function* nextJobs({ now, limit, perAccount, held }: JobQuestion): Program<readonly JobRow[]> {
  const inHand = new Map<string, number>();
  for (const job of held) count(inHand, `${job.accountTenant}\n${job.account}`);
  const chosen = new Map<string, JobRow>();
  for (;;) {
    const fullAccounts = [...inHand].filter(([, jobs]) => jobs >= perAccount).map(([account]) => account);
    const rows = yield* all(available, { now, limit, fullAccounts: JSON.stringify(fullAccounts) });
    const before = chosen.size;
    for (const row of rows) {
      const account = `${row.account_tenant}\n${row.account}`;
      if (chosen.size >= limit || chosen.has(row.id) || (inHand.get(account) ?? 0) >= perAccount) continue;
      chosen.set(row.id, row);
      count(inHand, account);
    }
    if (rows.length < limit || chosen.size >= limit || chosen.size === before) return [...chosen.values()];
  }
}

function count(counts: Map<string, number>, name: string): void {
  counts.set(name, (counts.get(name) ?? 0) + 1);
}

function* abandonedJobs({ now, isGone }: Pick<JobQuestion, 'now' | 'isGone'>): Program<readonly string[]> {
  const rows = yield* all(leased, {});
  return rows
    .filter(({ lease_until, lease_owner }) => (lease_until ?? 0) <= now || isGone(lease_owner ?? ''))
    .map(({ id }) => id);
}

function jobOf(row: JobRow): JobRecord {
  return {
    id: row.id,
    tenant: row.tenant,
    account: row.account,
    accountTenant: row.account_tenant,
    chunk: row.chunk,
    priority: row.priority,
  };
}
