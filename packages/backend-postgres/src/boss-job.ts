import type { JobRecord } from '@posthorn/core';
import { accountName } from '@posthorn/store-sql';
import type { JobAttempt, JobInsert } from 'pg-boss';

/** All jobs are in one queue. */
export const QUEUE = 'posthorn';

/** Between two priorities of ours there is room for this many ranks. */
const RANKS = 1_000_000;

/** What pg-boss keeps as a job's data. */
export interface BossData {
  readonly job: JobRecord;
  /** How often it was given back by a handler that failed. */
  readonly failures: number;
}

/** pg-boss takes higher numbers first; of one priority of ours, the jobs of lower rank. */
export function bossPriority({ priority }: Pick<JobRecord, 'priority'>, rank: number): number {
  return -(priority * RANKS + Math.min(rank, RANKS - 1));
}

export function rankOf(bossPriority: number): number {
  const mod = -bossPriority % RANKS;
  return mod < 0 ? mod + RANKS : mod;
}

/** pg-boss's numbers of all jobs of one priority. */
export function priorityRange(job: Pick<JobRecord, 'priority'>): {
  readonly low: number;
  readonly high: number;
} {
  return { low: bossPriority(job, RANKS), high: bossPriority(job, 0) };
}

/** pg-boss's lowest number of a single message. Broadcasts have priorities of 1 and more. */
export const LOWEST_SINGLE = priorityRange({ priority: 0 }).low;

/** All jobs of one tenant, priority and account, which wait in a line. */
export function lineName(job: JobRecord): string {
  return JSON.stringify([job.accountTenant, job.account, job.tenant, job.priority]);
}

export function bossJob(job: JobRecord, rank: number): JobInsert<BossData> {
  return {
    id: job.id,
    data: { job, failures: 0 },
    priority: bossPriority(job, rank),
    singletonKey: lineName(job),
    group: { id: accountName(job) },
  };
}

/**
 * Names one taking of a job: its id, pg-boss's number of the attempt, and something new, as the number comes again where
 * the database has lost the commit that counted it.
 */
export function tokenOf({ id, retryCount }: JobAttempt, nonce: string): string {
  return `${id}:${retryCount}:${nonce}`;
}

export function attemptOf(token: string): JobAttempt {
  const [id = '', retryCount] = token.split(':');
  return { id, retryCount: Number(retryCount) };
}
