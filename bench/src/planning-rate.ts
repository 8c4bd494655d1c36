import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync, type SQLInputValue } from 'node:sqlite';
import type { Figure } from './figure.ts';
import { createCustomers, createSalon, listEverybody } from './salon.ts';

const PEOPLE = 100_000;
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
  async measure() {
    const folder = mkdtempSync(join(tmpdir(), 'posthorn-bench-'));
    try {
      const customers = createCustomers(join(folder, 'salon.db'), PEOPLE);
      const file = join(folder, 'messages.db');
      const posthorn = await createSalon(customers, file);
      const subjectMs = await listEverybody(posthorn);
      await posthorn.close();
      customers.close();
      return insertAgain(file, join(folder, 'raw.db')) / subjectMs;
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
};

/** Inserts the rows of one database into an empty one of the same tables and indexes; answers the ms it took. */
function insertAgain(from: string, to: string): number {
  const source = new DatabaseSync(from, { readOnly: true });
  const target = new DatabaseSync(to);
  target.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL');
  for (const { sql } of source.prepare('SELECT sql FROM sqlite_master WHERE sql IS NOT NULL').all()) {
    target.exec(String(sql));
  }
  const rows = TABLES.map((table) => {
    const all = source
      .prepare(`SELECT * FROM ${table}`)
      .all()
      .map((row) => Object.values(row) as SQLInputValue[]);
    const places = (all[0] ?? []).map(() => '?').join(', ');
    return { all, insert: target.prepare(`INSERT INTO ${table} VALUES (${places || 'NULL'})`) };
  });
  const startedAt = performance.now();
  for (let first = 0; first < PEOPLE; first += PAGE) {
    target.exec('BEGIN IMMEDIATE');
    for (const { all, insert } of rows) {
      const share = all.length / PEOPLE;
      const page = all.slice(Math.floor(first * share), Math.floor((first + PAGE) * share));
      for (const row of page) insert.run(...row);
    }
    target.exec('COMMIT');
  }
  const ms = performance.now() - startedAt;
  source.close();
  target.close();
  return ms;
}
