import type { Clock, Log, Queue } from '@posthorn/core';
import { countJobs, type Runner } from '@posthorn/store-sql';
import { jobTable } from './job-table.ts';
import { QueueWorker } from './queue-worker.ts';

export interface EmbeddedQueue extends Queue {
  stopAll(): Promise<void>;
}

/**
 * The queue in the database itself. Its transactions need not survive a power cut: a lost one gives a job to somebody
 * again, and the rows say what was done.
 */
export function createQueue(runner: Runner, clock: Clock, log: Log): EmbeddedQueue {
  const workers = new Set<QueueWorker>();
  const table = jobTable(runner, clock, log);
  return {
    work(handler, options) {
      const worker = new QueueWorker(table, handler, options, () => workers.delete(worker));
      workers.add(worker);
      return worker;
    },
    wake() {
      for (const worker of workers) worker.wake();
    },
    size: () => runner.read(() => countJobs()),
    async stopAll() {
      await Promise.all([...workers].map((worker) => worker.stop()));
    },
  };
}
