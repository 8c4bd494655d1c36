import type { Clock, Log, Queue } from '@posthorn/core';
import { createWorkers, type QueuePrograms, type Runner, type Workers } from '@posthorn/store-sql';
import { QUEUE } from './boss-job.ts';
import type { Doorbell } from './doorbell.ts';
import { bossTable } from './job-table.ts';
import { onConnection } from './on-connection.ts';
import { queuePrograms } from './queue-programs.ts';
import type { StartedBoss } from './start-boss.ts';

export interface BossQueue extends Queue, Workers {
  readonly programs: QueuePrograms;
}

/** The queue on pg-boss, of which only the table is used: who works a job, and how many, is decided here. */
export function createQueue(
  started: StartedBoss,
  runner: Runner,
  doorbell: Doorbell,
  { clock, log }: { readonly clock: Clock; readonly log: Log },
): BossQueue {
  const ring = (): void => doorbell.ring();
  const workers = createWorkers(bossTable(started, runner, { clock, log, ring }));
  doorbell.answer(workers.wake);
  return {
    ...workers,
    programs: queuePrograms(started, ring),
    // Whoever has something to wake workers for may be in a process that has none.
    wake: ring,
    size: () =>
      runner.read(() =>
        onConnection(async (db) => {
          const { rows } = await db.executeSql(
            `select count(*)::int as jobs from ${started.table} where name = '${QUEUE}' and state <= 'active'`,
          );
          return (rows[0] as { readonly jobs: number }).jobs;
        }),
      ),
  };
}
