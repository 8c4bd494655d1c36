import { join } from 'node:path';
import type { Figure } from './figure.ts';
import { openCopy } from './open-copy.ts';
import { createCustomers, createSalon, listEverybody } from './salon.ts';
import { inTemporaryFolder } from './temporary-folder.ts';

const PEOPLE = 50_000;
/** Rows in one transaction, as Posthorn writes them. */
const PAGE = 250;
/** The tables that a list is written to. */
const TABLES = ['posthorn_messages', 'posthorn_deliveries', 'posthorn_events', 'posthorn_chunks'] as const;

/** From the host's customers, over query, address check, suppressions, tag data and template, to rows on disk. */
export const planningRate: Figure = {
  name: 'broadcast.planning.rate',
  about: `the list of a broadcast to ${PEOPLE} people, from SQLite to SQLite, against raw inserts of the same rows`,
  unit: '× raw inserts',
  goal: { atLeast: 0.3 },
  rounds: 3,
  measure: () =>
    inTemporaryFolder(async (folder) => {
      const customers = createCustomers(join(folder, 'salon.db'), PEOPLE);
      const file = join(folder, 'messages.db');
      const posthorn = await createSalon(customers, file);
      const subjectMs = await listEverybody(posthorn);
      await posthorn.close();
      customers.close();
      return insertAgain(file, join(folder, 'raw.db')) / subjectMs;
    }),
};

/** Inserts the rows of one database into an empty one of the same tables and indexes; answers the ms it took. */
function insertAgain(from: string, to: string): number {
  using copy = openCopy(from, to);
  const { target } = copy;
  target.exec('PRAGMA synchronous = FULL');
  const tables = TABLES.map((table) => ({
    all: copy.rowsOf(table).map((row) => Object.values(row)),
    insert: copy.inserterOf(table),
  }));
  const startedAt = performance.now();
  for (let first = 0; first < PEOPLE; first += PAGE) {
    target.exec('BEGIN IMMEDIATE');
    for (const { all, insert } of tables) {
      const share = all.length / PEOPLE;
      const page = all.slice(Math.floor(first * share), Math.floor((first + PAGE) * share));
      for (const row of page) insert(row);
    }
    target.exec('COMMIT');
  }
  return performance.now() - startedAt;
}
