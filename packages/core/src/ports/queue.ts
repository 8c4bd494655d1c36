import type { JobRecord } from './message-store.ts';

/**
 * Says that a chunk is to be worked. Jobs are pushed by the store, in the transaction that writes their rows; at least
 * once; lower priority numbers first. Of one priority tenants take turns, each with its oldest job.
 */
export interface Queue {
  /**
   * Works jobs until the signal is aborted or `stop` is called. A job's lease is kept alive while its handler runs; a
   * handler that resolves is done with the job, one that rejects gives it back for later. When a process dies its jobs
   * go to somebody else, with another token.
   */
  work(handler: JobHandler, options: WorkOptions): QueueWorker;
  /** Has this process's workers look now. */
  wake(): void;
  /** Jobs that wait or are being worked. */
  size(): Promise<number>;
}

export type JobHandler = (job: JobRecord, lease: JobLease) => Promise<void>;

export interface JobLease {
  /** New for every time the job is taken. */
  readonly token: string;
  /** Aborted when the lease is lost or the worker stops. */
  readonly signal: AbortSignal;
}

export interface WorkOptions {
  /** The most jobs worked at once. */
  readonly concurrency: number;
  /**
   * The most jobs of one account worked at once. Where it is given, an account also never has more than it leaves free, so
   * that however many servers hang, somebody else's job still finds a place.
   */
  readonly perAccount?: number;
  /** The most jobs of broadcasts (priority above 0) of one account worked at once; all of them have half of the places. */
  readonly bulkPerAccount?: number;
  /** How long a job stays with a process that says nothing. */
  readonly leaseMs: number;
  /** How often to look where nothing wakes the worker. */
  readonly pollIntervalMs: number;
}

export interface QueueWorker {
  /** Takes no more jobs, and resolves when those in hand are done or given back. */
  stop(): Promise<void>;
}
