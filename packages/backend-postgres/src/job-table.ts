import type { Clock, JobRecord, Log } from '@posthorn/core';
import { hasOpenRows, type JobTable, type Program, type Runner } from '@posthorn/store-sql';
import type { Db, JobAttempt } from 'pg-boss';
import { attemptOf, type BossData, QUEUE } from './boss-job.ts';
import { claimJobs } from './claim-jobs.ts';
import { onConnection } from './on-connection.ts';
import type { StartedBoss } from './start-boss.ts';

/** How often at most it is looked for jobs of workers that say nothing any more. */
const LOOK_EVERY_MS = 1_000;
const MAX_LOST = 1_000;

/** The queue as pg-boss keeps it. Its clock is the database's, so that no process's own can be wrong. */
export function bossTable(
  started: StartedBoss,
  { writeRelaxed }: Runner,
  { clock, log, ring }: { readonly clock: Clock; readonly log: Log; ring(): void },
): JobTable {
  const { boss } = started;
  let lookedAt = Number.NEGATIVE_INFINITY;

  function isTimeToLook(): boolean {
    const now = clock.now();
    // A clock that was set back must not keep anybody waiting.
    if (Math.abs(now - lookedAt) < LOOK_EVERY_MS) return false;
    lookedAt = now;
    return true;
  }

  return {
    clock,
    log,
    async claim(held, options) {
      if (held.length >= options.concurrency) return [];
      const looks = isTimeToLook();
      return writeRelaxed(() =>
        onConnection(async (db) => {
          if (looks) await freeLostJobs(started, db, held, options.leaseMs);
          return claimJobs(started, db, held, options);
        }),
      );
    },
    extend: (tokens) => writeRelaxed(() => onConnection((db) => extendLeases(started, db, tokens))),
    finish: ({ job, token }) => writeRelaxed(() => finishJob(started, job, attemptOf(token))),
    giveBack: ({ job, token, failures }, delayMs) =>
      writeRelaxed(() =>
        onConnection(async (db) => {
          const attempt = attemptOf(token);
          if (!(await isHeld(started, db, attempt))) return;
          await boss.fail(QUEUE, attempt, null, { db });
          if (delayMs === 0) {
            db.afterCommit(ring);
            return;
          }
          const data: BossData = { job, failures: failures + 1 };
          await boss.update(QUEUE, data, { id: job.id, startAfter: delayMs / 1_000, db });
        }),
      ),
  };
}

/** Jobs whose worker has been silent for longer than a lease. What the asking worker has in hand is its own. */
async function freeLostJobs(
  { boss, table, now }: StartedBoss,
  db: Db,
  held: readonly JobRecord[],
  leaseMs: number,
): Promise<void> {
  const { rows } = await db.executeSql(
    `select id, retry_count as "retryCount" from ${table}
     where name = '${QUEUE}' and state = 'active' and heartbeat_on < ${now} - $1 * interval '1 millisecond'
       and id <> all($2::uuid[])
     limit ${MAX_LOST} for update skip locked`,
    [leaseMs, held.map(({ id }) => id)],
  );
  if (rows.length > 0) await boss.fail(QUEUE, rows as JobAttempt[], null, { db });
}

/** Answers the tokens whose jobs are still theirs. */
async function extendLeases(
  { boss, table }: StartedBoss,
  db: Db,
  tokens: readonly string[],
): Promise<ReadonlySet<string>> {
  const attempts = tokens.map(attemptOf);
  if (attempts.length === 0) return new Set();
  await boss.touch(QUEUE, attempts, { db });
  const { rows } = await db.executeSql(
    `select id, retry_count as "retryCount" from ${table}
     where name = '${QUEUE}' and state = 'active' and id = any($1::uuid[])`,
    [attempts.map(({ id }) => id)],
  );
  const active = new Map((rows as JobAttempt[]).map(({ id, retryCount }) => [id, retryCount]));
  return new Set(
    tokens.filter((token) => {
      const { id, retryCount } = attemptOf(token);
      return active.get(id) === retryCount;
    }),
  );
}

/** One that was lost meanwhile is somebody else's to finish. */
function* finishJob(started: StartedBoss, { chunk }: JobRecord, attempt: JobAttempt): Program<boolean> {
  if (yield* hasOpenRows(chunk)) return !(yield* onConnection((db) => isHeld(started, db, attempt)));
  yield* onConnection((db) => started.boss.deleteJob(QUEUE, attempt, { db }));
  return true;
}

/** Until the transaction ends nobody else can take the job. */
async function isHeld({ table }: StartedBoss, db: Db, { id, retryCount }: JobAttempt): Promise<boolean> {
  const { rows } = await db.executeSql(
    `select 1 from ${table} where name = '${QUEUE}' and id = $1 and state = 'active' and retry_count = $2 for update`,
    [id, retryCount],
  );
  return rows.length > 0;
}
