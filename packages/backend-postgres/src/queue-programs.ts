import type { Program, QueuePrograms } from '@posthorn/store-sql';
import { attemptOf, QUEUE } from './boss-job.ts';
import { onConnection } from './on-connection.ts';
import { pushJobs } from './push-jobs.ts';
import type { StartedBoss } from './start-boss.ts';

/** The queue's part in the store's transactions, on their own connection. */
export function queuePrograms(started: StartedBoss, ring: () => void): QueuePrograms {
  const { boss, table } = started;
  return {
    *push(jobs): Program<void> {
      if (jobs.length === 0) return;
      yield* onConnection(async (db) => {
        await pushJobs(started, db, jobs);
        db.afterCommit(ring);
      });
    },
    // Locked, waiting or not: nobody takes it before the transaction has done what it asks for.
    *isTaken(jobId, token): Program<boolean> {
      return yield* onConnection(async (db) => {
        const { rows } = await db.executeSql(
          `select state, retry_count from ${table} where name = '${QUEUE}' and id = $1 for update`,
          [jobId],
        );
        const job = rows[0] as { readonly state: string; readonly retry_count: number } | undefined;
        return job?.state === 'active' && job.retry_count !== attemptOf(token).retryCount;
      });
    },
    *drop(jobId): Program<void> {
      yield* onConnection((db) => boss.deleteJob(QUEUE, jobId, { db }));
    },
  };
}
