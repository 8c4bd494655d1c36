import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

/** What a process that only works is told. */
export interface WorkerJob {
  /** The host's own file. */
  readonly customers: string;
  readonly database: string;
  /** Of the mail server that the platform's account is at. */
  readonly port: number;
}

/** A worker in a process of its own. */
export async function openWorker(job: WorkerJob): Promise<{ close(): Promise<void> }> {
  const child = fork(join(import.meta.dirname, 'work.ts'), [JSON.stringify(job)]);
  await once(child, 'message');
  return {
    async close() {
      const ended = once(child, 'exit');
      child.disconnect();
      await ended;
    },
  };
}
