import type { Clock, JobRecord, Log, WorkOptions } from '@posthorn/core';

/** A job in a worker's hand. */
export interface ClaimedJob {
  readonly job: JobRecord;
  readonly token: string;
  /** How often it was given back by a handler that failed. */
  readonly failures: number;
}

/** What a worker does to the queue, each in one transaction. */
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
