import type { JobRecord } from '@posthorn/core';
import { lock } from '../locks.ts';
import { all, each, type Program, statement } from '../program.ts';
import type { ClaimedJob } from '../work/job-table.ts';
import type { JobRow } from './job-table.ts';
import { type FreePlaces, nextJobs } from './next-jobs.ts';

/** Which jobs a worker could take now. */
export interface JobQuestion extends FreePlaces {
  /** Names this process; see `isGone`. */
  readonly owner: string;
  /** Whether a lease's owner is known to be dead, so that its end need not be waited for. */
  readonly isGone: (owner: string) => boolean;
}

/** The taking of them. */
export interface Claim extends JobQuestion {
  readonly leaseUntil: number;
  readonly newToken: () => string;
}

/** Leases that have run out, or are another process's. */
const foreignLeases = statement((db, p: { now: number; owner: string }) =>
  db
    .selectFrom('posthorn_jobs')
    .select(['id', 'lease_owner', 'lease_until'])
    .where('lease_token', 'is not', null)
    .where((it) => it.or([it('lease_until', '<=', p.now), it('lease_owner', '<>', p.owner)])),
);

const free = statement((db, p: { id: string }) =>
  db
    .updateTable('posthorn_jobs')
    .set({ lease_token: null, lease_owner: null, lease_until: null })
    .where('id', '=', p.id),
);

const take = statement((db, p: { id: string; token: string; owner: string; leaseUntil: number }) =>
  db
    .updateTable('posthorn_jobs')
    .set({ lease_token: p.token, lease_owner: p.owner, lease_until: p.leaseUntil })
    .where('id', '=', p.id),
);

/** Whether a claim would find something. Reads only, so that an idle worker never takes the write lock. */
export function* hasClaimableJob(question: JobQuestion): Program<boolean> {
  const [job] = yield* nextJobs({ ...question, limit: 1 });
  return job !== undefined || (yield* abandonedJobs(question)).length > 0;
}

/** Jobs whose lease has ended are free again first. */
export function* claimJobs(claim: Claim): Program<readonly ClaimedJob[]> {
  yield* lock('jobs');
  const abandoned = yield* abandonedJobs(claim);
  yield* each(
    free,
    abandoned.map((id) => ({ id })),
  );
  const rows = yield* nextJobs(claim);
  const claimed = rows.map((row) => ({ job: jobOf(row), token: claim.newToken(), failures: row.failures }));
  yield* each(
    take,
    claimed.map(({ job, token }) => ({
      id: job.id,
      token,
      owner: claim.owner,
      leaseUntil: claim.leaseUntil,
    })),
  );
  return claimed;
}

/** Those whose lease has ended; what the asking worker has in hand is not, whatever its clock says after a leap. */
function* abandonedJobs({ now, owner, held, isGone }: JobQuestion): Program<readonly string[]> {
  const inHand = new Set(held.map(({ id }) => id));
  const gone = new Map<string, boolean>();
  const ownerIsGone = (owner: string): boolean => {
    if (!gone.has(owner)) gone.set(owner, isGone(owner));
    return gone.get(owner) === true;
  };
  const rows = (yield* all(foreignLeases, { now, owner })).filter(({ id }) => !inHand.has(id));
  return rows
    .filter(({ lease_until, lease_owner }) => (lease_until ?? 0) <= now || ownerIsGone(lease_owner ?? ''))
    .map(({ id }) => id);
}

function jobOf(row: JobRow): JobRecord {
  return {
    id: row.id,
    kind: row.kind as JobRecord['kind'],
    tenant: row.tenant,
    account: row.account,
    accountTenant: row.account_tenant,
    chunk: row.chunk,
    priority: row.priority,
  };
}
