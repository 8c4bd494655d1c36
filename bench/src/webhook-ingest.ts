import { join } from 'node:path';
import type { Bench } from './figure.ts';
import { openCopy } from './open-copy.ts';
import { runApart } from './run-apart.ts';
import { inTemporaryFolder } from './temporary-folder.ts';

/** What a process that is told of events is told. */
export interface IngestJob {
  readonly folder: string;
  readonly people: number;
}

export interface IngestRun {
  /** The database that it leaves. */
  readonly file: string;
  readonly events: number;
  readonly seconds: number;
}

const PEOPLE = 20_000;
const BATCH = 1_000;

/** What a provider's word costs: a mass sending is followed by several for each message. */
export const webhookIngest: Bench = {
  figures: [
    {
      name: 'webhook.ingest.rate',
      about: `"delivered" of SendGrid's, signed, ${BATCH} in a request, verified, matched, folded and stored before the answer, against raw inserts of the same events by node:sqlite, as durable, each batch in one transaction`,
      unit: '× raw inserts',
      goal: { atLeast: 0.3 },
    },
    {
      name: 'webhook.ingest.persecond',
      about: 'the same in absolute terms',
      unit: 'events/s',
      goal: null,
    },
  ],
  rounds: 3,
  measure: () =>
    inTemporaryFolder(async (folder) => {
      const job: IngestJob = { folder, people: PEOPLE };
      const { file, events, seconds } = await runApart<IngestRun>('run-webhooks.ts', job);
      return [insertAgain(file, join(folder, 'raw.db'), events) / seconds, events / seconds];
    }),
};

/** How many seconds it takes to write these events, and nothing else. */
function insertAgain(from: string, to: string, expected: number): number {
  using copy = openCopy(from, to);
  const rows = copy
    .rowsOf('posthorn_events')
    .filter(({ type }) => type === 'delivered')
    .map((row) => Object.values(row));
  if (rows.length !== expected) throw new Error(`Of ${expected} events ${rows.length} are in the log.`);
  const insert = copy.inserterOf('posthorn_events');
  const startedAt = performance.now();
  copy.target.exec('PRAGMA synchronous = FULL');
  for (let at = 0; at < rows.length; at += BATCH) {
    copy.target.exec('BEGIN IMMEDIATE');
    for (const row of rows.slice(at, at + BATCH)) insert(row);
    copy.target.exec('COMMIT');
  }
  return (performance.now() - startedAt) / 1000;
}
