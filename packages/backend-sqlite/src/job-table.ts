import { randomUUID } from 'node:crypto';
import type { Clock, JobRecord, Log, WorkOptions } from '@posthorn/core';
import {
  type ClaimedJob,
  claimJobs,
  extendLeases,
  finishJob,
  giveJobBack,
  hasClaimableJob,
  type Runner,
} from '@posthorn/store-sql';
import { isGone, leaseOwner } from './lease-owner.ts';

/** What a worker does to the jobs table, each in one transaction. */
export interface JobTable {
  readonly clock: Clock;
  readonly log: Log;
  /** As many more as `concurrency` allows beside those that are held. */
  claim(held: readonly JobRecord[], options: WorkOptions): Promise<readonly ClaimedJob[]>;
  /** Answers the tokens that still hold their lease. */
  extend(tokens: readonly string[], leaseMs: number): Promise<ReadonlySet<string>>;
  /** False where rows of its chunk are still open. */
  finish(claimed: ClaimedJob): Promise<boolean>;
  giveBack(claimed: ClaimedJob, delayMs: number): Promise<void>;
}

export function jobTable({ read, writeRelaxed }: Runner, clock: Clock, log: Log): JobTable {
  const owner = leaseOwner();
  return {
    clock,
    log,
    async claim(held, { concurrency, leaseMs, perAccount = null }) {
      const limit = concurrency - held.length;
      const question = () => ({ now: clock.now(), limit, free: limit, perAccount, held, owner, isGone });
      // Looked at first, so that an idle worker never takes the write lock.
      if (limit <= 0 || !(await read(() => hasClaimableJob(question())))) return [];
      return writeRelaxed(() =>
        claimJobs({ ...question(), leaseUntil: clock.now() + leaseMs, newToken: randomUUID }),
      );
    },
    extend: (tokens, leaseMs) => writeRelaxed(() => extendLeases(tokens, clock.now() + leaseMs)),
    finish: ({ job, token }) => writeRelaxed(() => finishJob(job.id, token)),
    giveBack: ({ job, token }, delayMs) =>
      writeRelaxed(() => giveJobBack(job.id, token, Math.round(clock.now() + delayMs))),
  };
}
