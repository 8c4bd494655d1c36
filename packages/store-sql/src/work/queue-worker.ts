import type { JobHandler, QueueWorker as Port, WorkOptions } from '@posthorn/core';
import { Bell } from './bell.ts';
import { HeldLeases } from './held-leases.ts';
import type { ClaimedJob, JobTable } from './job-table.ts';

const FIRST_DELAY_MS = 1_000;
const LAST_DELAY_MS = 300_000;
const SETTLE_AGAIN_MS = 1_000;

const STOPPED = new Error('The worker stops.');

/** Takes jobs whenever a place is free, and rests until something rings: a push here, a job done, or the next poll. */
export class QueueWorker implements Port {
  readonly #table: JobTable;
  readonly #handler: JobHandler;
  readonly #options: WorkOptions;
  readonly #leases: HeldLeases;
  readonly #bell: Bell;
  readonly #held = new Map<ClaimedJob, Promise<void>>();
  readonly #ended: Promise<void>;
  #stopping = false;

  constructor(table: JobTable, handler: JobHandler, options: WorkOptions, onEnd: () => void) {
    this.#table = table;
    this.#handler = handler;
    this.#options = options;
    this.#leases = new HeldLeases(table, options.leaseMs);
    this.#bell = new Bell(table.clock);
    this.#ended = this.#live().finally(onEnd);
  }

  wake(): void {
    this.#bell.ring();
  }

  stop(): Promise<void> {
    this.#stopping = true;
    this.#leases.abortAll(STOPPED);
    this.#bell.ring();
    return this.#ended;
  }

  async #live(): Promise<void> {
    while (!this.#stopping) {
      for (const claimed of await this.#claim()) this.#start(claimed);
      if (!this.#stopping) await this.#bell.wait(this.#options.pollIntervalMs);
    }
    await Promise.all(this.#held.values());
  }

  async #claim(): Promise<readonly ClaimedJob[]> {
    const held = Array.from(this.#held.keys(), ({ job }) => job);
    try {
      return await this.#table.claim(held, this.#options);
    } catch (error) {
      this.#table.log.error('The queue could not be read; it is tried again.', { error: textOf(error) });
      return [];
    }
  }

  #start(claimed: ClaimedJob): void {
    const done = this.#work(claimed).finally(() => {
      this.#held.delete(claimed);
      this.#bell.ring();
    });
    this.#held.set(claimed, done);
  }

  async #work(claimed: ClaimedJob): Promise<void> {
    const { job, token } = claimed;
    const lease = this.#leases.hold(token);
    let failure: unknown;
    try {
      // It was claimed while the worker was told to stop: nobody has begun it.
      if (this.#stopping) throw STOPPED;
      await this.#handler(job, { token, signal: lease.signal });
    } catch (error) {
      failure = error ?? new Error('The handler rejected.');
    }
    this.#leases.release(token);
    await this.#settleAtLast(claimed, failure);
  }

  /** A database that is away for a moment must not cost the job a whole lease. Doing it twice is as good as once. */
  async #settleAtLast(claimed: ClaimedJob, failure: unknown): Promise<void> {
    const { clock, log } = this.#table;
    const until = clock.now() + this.#options.leaseMs;
    for (;;) {
      try {
        return await this.#settle(claimed, failure);
      } catch (error) {
        if (this.#stopping || clock.now() >= until) {
          // Its lease runs out, and somebody takes it again.
          return log.error('A job could not be given back.', { job: claimed.job.id, error: textOf(error) });
        }
        await clock.sleep(SETTLE_AGAIN_MS);
      }
    }
  }

  async #settle(claimed: ClaimedJob, failure: unknown): Promise<void> {
    if (failure === undefined && (await this.#table.finish(claimed))) return;
    if (this.#stopping) return this.#table.giveBack(claimed, 0);
    const delayMs = backOff(claimed.failures);
    const error = failure === undefined ? 'Rows of its chunk are still open.' : textOf(failure);
    this.#table.log.warn('A job failed and is tried again later.', { job: claimed.job.id, delayMs, error });
    return this.#table.giveBack(claimed, delayMs);
  }
}

/** Doubles with every failure in a row; the jitter keeps jobs that failed together from coming back together. */
function backOff(failures: number): number {
  return Math.round(Math.min(FIRST_DELAY_MS * 2 ** failures, LAST_DELAY_MS) * (0.8 + Math.random() * 0.4));
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
