import type { Queue } from '@posthorn/core';
import type { JobTable } from './job-table.ts';
import { QueueWorker } from './queue-worker.ts';

/** All workers of one opened backend. */
export interface Workers extends Pick<Queue, 'work' | 'wake'> {
  stopAll(): Promise<void>;
}

export function createWorkers(table: JobTable): Workers {
  const workers = new Set<QueueWorker>();
  return {
    work(handler, options) {
      const worker = new QueueWorker(table, handler, options, () => workers.delete(worker));
      workers.add(worker);
      return worker;
    },
    wake() {
      for (const worker of workers) worker.wake();
    },
    async stopAll() {
      await Promise.all([...workers].map((worker) => worker.stop()));
    },
  };
}
