import { randomUUID } from 'node:crypto';
import type { Clock, JobRecord, Log, WorkOptions } from '@posthorn/core';
import {
  type ClaimedJob,
  claimJobs,
  extendLeases,
  type FreePlaces,
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
  /** After a failure for later; without a delay as if it had never been taken. */
  giveBack(claimed: ClaimedJob, delayMs: number): Promise<void>;
}

export function jobTable({ read, writeRelaxed }: Runner, clock: Clock, log: Log): JobTable {
  const owner = leaseOwner();
  return {
    clock,
    log,
    async claim(held, options) {
      const { concurrency, leaseMs, perAccount = null } = options;
      const limit = concurrency - held.length;
      const bulk = bulkPlaces(options);
      const question = () => ({
        now: clock.now(),
        limit,
        free: limit,
        perAccount,
        bulk,
        held,
        owner,
        isGone,
      });
      // Looked at first, so that an idle worker never takes the write lock.
      if (limit <= 0 || !(await read(() => hasClaimableJob(question())))) return [];
      return writeRelaxed(() =>
        claimJobs({ ...question(), leaseUntil: clock.now() + leaseMs, newToken: randomUUID }),
      );
    },
    extend: (tokens, leaseMs) => writeRelaxed(() => extendLeases(tokens, clock.now() + leaseMs)),
    finish: ({ job, token }) => writeRelaxed(() => finishJob(job.id, token)),
    giveBack: ({ job, token, failures }, delayMs) =>
      writeRelaxed(() =>
        giveJobBack(
          job.id,
          token,
          Math.round(clock.now() + delayMs),
          delayMs === 0 ? failures : failures + 1,
        ),
      ),
  };
}

/** Half of the places, so that a single message finds one beside any broadcast; where there is only one, they share it. */
function bulkPlaces({ concurrency, bulkPerAccount }: WorkOptions): FreePlaces['bulk'] {
  if (bulkPerAccount === undefined) return null;
  return { places: Math.max(1, Math.floor(concurrency / 2)), perAccount: bulkPerAccount };
}
