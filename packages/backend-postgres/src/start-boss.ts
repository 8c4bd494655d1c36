import type { Log } from '@posthorn/core';
import { type Clock as BossClock, type Db, PgBoss } from 'pg-boss';
import { QUEUE } from './boss-job.ts';
import { sqlStateOf, UNIQUE_VIOLATION } from './postgres-error.ts';

/** pg-boss on a schema of its own, and what it is told of it. */
export interface StartedBoss {
  readonly boss: PgBoss;
  /** Its table of jobs, qualified. */
  readonly table: string;
  /** Its function that says what time it is. */
  readonly now: string;
  stop(): Promise<void>;
}

export interface BossOptions {
  readonly database: Db;
  /** pg-boss's own schema. */
  readonly schema: string;
  readonly log: Log;
  /** Tests only. */
  readonly clock?: BossClock;
}

/** A worker says every few seconds that it lives, so a job has no limit of time but pg-boss's longest. */
const LONGEST_SECONDS = 24 * 3_600;
/** A job is never given up and never thrown away: its rows would wait for ever. */
const NEVER = 2 ** 31 - 1;
const SELDOM_SECONDS = 3_600;

/** Makes or brings up to date what pg-boss needs, safely beside other processes that do the same. */
export async function startBoss({
  database,
  schema,
  log,
  clock = quietClock,
}: BossOptions): Promise<StartedBoss> {
  const boss = new PgBoss({
    db: database,
    schema,
    clock,
    // What it offers beside a queue.
    schedule: false,
    registerInstance: false,
    openTelemetry: { enabled: false },
    flowIntervalSeconds: SELDOM_SECONDS,
    warningQueueSize: NEVER,
  });
  boss.on('error', (error) =>
    log.error('pg-boss could not do its upkeep; it is tried again.', { error: String(error) }),
  );
  boss.on('warning', ({ message }) => log.warn('pg-boss warns.', { message }));
  const stop = () => boss.stop({ graceful: false, close: false });
  try {
    await startBeside(boss);
    await boss.createQueue(QUEUE, {
      retryLimit: NEVER,
      retryDelay: 0,
      expireInSeconds: LONGEST_SECONDS,
      retentionSeconds: NEVER,
    });
  } catch (error) {
    await stop();
    throw error;
  }
  const name = quoted(schema);
  return { boss, table: `${name}.job`, now: `${name}.job_now()`, stop };
}

const MAX_STARTS = 10;

/**
 * Of processes that open an empty database at once, one may still not see the schema that another has just made, and try
 * to make it as well.
 */
async function startBeside(boss: PgBoss): Promise<void> {
  for (let starts = 1; ; starts += 1) {
    try {
      await boss.start();
      return;
    } catch (error) {
      if (starts === MAX_STARTS || sqlStateOf(error) !== UNIQUE_VIOLATION) throw error;
    }
  }
}

export function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** The system's, but its timers keep no process alive. */
const quietClock: BossClock = {
  now: () => Date.now(),
  setTimeout: (run, ms) => setTimeout(run, ms).unref(),
  clearTimeout: (timer) => clearTimeout(timer as NodeJS.Timeout),
  setInterval: (run, ms) => setInterval(run, ms).unref(),
  clearInterval: (timer) => clearInterval(timer as NodeJS.Timeout),
};
