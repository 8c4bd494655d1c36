import type { DropJob, IsTaken } from './jobs/keep-lease.ts';
import type { PushJobs } from './jobs/push-jobs.ts';
import type { Program } from './program.ts';

/**
 * Executes programs; what a backend brings. A program may be made and run again where the database was busy. With `tx`,
 * the host's open transaction, it runs there, and on a synchronous database before the call returns.
 */
export interface Runner {
  /** Programs that only read: one statement, or several that need not see the same moment. */
  read<R>(program: () => Program<R>, tx?: unknown): Promise<R>;
  /** In one transaction. What it wrote survives a power cut once it resolves. */
  write<R>(program: () => Program<R>, tx?: unknown): Promise<R>;
  /** In one transaction that a power cut may undo: for what would only be done again, and sends nothing twice. */
  writeRelaxed<R>(program: () => Program<R>): Promise<R>;
}

/** The queue's part in the store's own transactions. */
export interface QueuePrograms {
  readonly push: PushJobs;
  readonly isTaken: IsTaken;
  readonly drop: DropJob;
}
