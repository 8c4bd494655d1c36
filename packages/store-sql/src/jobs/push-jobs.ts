import type { JobRecord } from '@posthorn/core';
import { insert, insertion, type Program } from '../program.ts';

/** Puts jobs into the queue, in the transaction of the program that calls it. */
export type PushJobs = (jobs: readonly JobRecord[]) => Program<void>;

const insertJobs = insertion('posthorn_jobs', [
  'id',
  'kind',
  'tenant',
  'account',
  'account_tenant',
  'chunk',
  'priority',
  'available_at',
  'failures',
]);

/** The embedded queue's own: rows in its table, free to be taken even where the clock is set back. */
export function* pushJobs(jobs: readonly JobRecord[]): Program<void> {
  yield* insert(
    insertJobs,
    jobs.map((job) => [
      job.id,
      job.kind,
      job.tenant,
      job.account,
      job.accountTenant,
      job.chunk,
      job.priority,
      0,
      0,
    ]),
  );
}
