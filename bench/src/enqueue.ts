import { Client } from 'pg';
import type { Bench } from './figure.ts';
import { openPostgres } from './open-postgres.ts';
import { runApart } from './run-apart.ts';
import { inTemporaryFolder } from './temporary-folder.ts';

/** What the process that lists is told. */
export interface EnqueueJob {
  readonly folder: string;
  /** Of two empty databases: one to warm up on, one to be measured. */
  readonly databases: readonly [string, string];
  readonly people: number;
}

/** What it saw. */
export interface Enqueued {
  readonly seconds: number;
  /** How much its resident memory grew while it listed, in MB. */
  readonly grownMb: number;
}

const PEOPLE = 1_000_000;
/** The tables that a list is written to. */
const TABLES = ['posthorn_messages', 'posthorn_deliveries', 'posthorn_events', 'posthorn_chunks'] as const;

/** From the host's customers, over query, address check, suppressions, tag data and template, to rows on Postgres. */
export const enqueue: Bench = {
  figures: [
    {
      name: 'broadcast.enqueue.rate',
      about: `the list of a broadcast to ${PEOPLE} people on Postgres, against COPY of the same rows from the server's own files into empty tables with the same indexes`,
      unit: '× COPY',
      goal: { atLeast: 0.3 },
    },
    { name: 'broadcast.enqueue.persecond', about: 'its rate', unit: 'messages/s', goal: null },
    {
      name: 'broadcast.enqueue.memory',
      about: 'how much the resident memory of the listing process grows meanwhile, after a list of 10,000',
      unit: 'MB',
      goal: { atMost: 50 },
    },
  ],
  rounds: 1,
  measure: () =>
    inTemporaryFolder(async (folder) => {
      await using postgres = await openPostgres();
      const warm = await postgres.createDatabase();
      const listed = await postgres.createDatabase();
      const job: EnqueueJob = { folder, databases: [warm, listed], people: PEOPLE };
      const { seconds, grownMb } = await runApart<Enqueued>('run-enqueue.ts', job, ['--expose-gc']);
      return [(await copySeconds(listed, warm)) / seconds, PEOPLE / seconds, grownMb];
    }),
};

/** How long it takes to copy the rows into the emptied tables of another database. */
async function copySeconds(from: string, to: string): Promise<number> {
  const source = new Client(from);
  const target = new Client(to);
  await Promise.all([source.connect(), target.connect()]);
  const { rows } = await source.query('show data_directory');
  const fileOf = (table: string): string => `'${rows[0].data_directory}/${table}.copy'`;
  for (const table of TABLES) await source.query(`copy posthorn.${table} to ${fileOf(table)}`);
  await target.query(`truncate ${TABLES.map((table) => `posthorn.${table}`).join(', ')}`);
  await target.query('checkpoint');
  const startedAt = performance.now();
  for (const table of TABLES) await target.query(`copy posthorn.${table} from ${fileOf(table)}`);
  const seconds = (performance.now() - startedAt) / 1_000;
  await Promise.all([source.end(), target.end()]);
  return seconds;
}
