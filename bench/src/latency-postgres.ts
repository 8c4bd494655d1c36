import type { Figure } from './figure.ts';
import { openPostgres } from './open-postgres.ts';
import { percentile } from './percentile.ts';
import { runApart } from './run-apart.ts';
import { inTemporaryFolder } from './temporary-folder.ts';

/** What the process that sends is told. */
export interface DistantJob {
  readonly folder: string;
  readonly database: string;
  readonly sends: number;
}

const SENDS = 500;

/** Postgres and a mail server on loopback. */
export const latencyPostgres: Figure = {
  name: 'send.latency.postgres',
  about: `p99 of ${SENDS} sends, one after the other: from the call of send() in one process, over a worker in another one, until the mail server sees DATA`,
  unit: 'ms',
  goal: { atMost: 150 },
  rounds: 3,
  measure: () =>
    inTemporaryFolder(async (folder) => {
      await using postgres = await openPostgres();
      const job: DistantJob = { folder, database: await postgres.createDatabase(), sends: SENDS };
      return percentile(await runApart<number[]>('run-distant-sends.ts', job), 0.99);
    }),
};
