import type { Clock, Log, Queue } from '@posthorn/core';
import { countJobs, createWorkers, type Runner, type Workers } from '@posthorn/store-sql';
import { jobTable } from './job-table.ts';

export interface EmbeddedQueue extends Queue, Workers {}

/**
 * The queue in the database itself. Its transactions need not survive a power cut: a lost one gives a job to somebody
 * again, and the rows say what was done.
 */
export function createQueue(runner: Runner, clock: Clock, log: Log): EmbeddedQueue {
  return { ...createWorkers(jobTable(runner, clock, log)), size: () => runner.read(() => countJobs()) };
}
