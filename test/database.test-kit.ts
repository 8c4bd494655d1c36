import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { onTestFinished } from 'vitest';

/** A row of some table. */
export type Row = Readonly<Record<string, unknown>>;
/** The rows of every table of Posthorn's. */
export type Dump = Readonly<Record<string, readonly Row[]>>;

/** A folder that goes when the test ends. */
export function openFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'posthorn-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** The host's own handle on a file of its own, with a table of bookings. */
export function openHostDatabase(): { readonly database: DatabaseSync; readonly file: string } {
  const file = join(openFolder(), 'host.db');
  const database = new DatabaseSync(file);
  onTestFinished(() => database.close());
  database.exec('create table bookings (id integer primary key, customer text)');
  return { database, file };
}

/** Everything that Posthorn has written to a file and committed. */
export function dumpOf(file: string): Dump {
  const database = new DatabaseSync(file, { readOnly: true });
  try {
    const tables = database
      .prepare("select name from sqlite_master where type = 'table' and name like 'posthorn%' order by name")
      .all();
    return Object.fromEntries(
      tables.map(({ name }) => [name, database.prepare(`select * from "${name}" order by 1`).all()]),
    );
  } finally {
    database.close();
  }
}

/** How many rows each table has. */
export function countsOf(file: string): Readonly<Record<string, number>> {
  return Object.fromEntries(Object.entries(dumpOf(file)).map(([table, rows]) => [table, rows.length]));
}

/** Whether the text stands somewhere in the bytes of the database: the file, its log, whatever lies beside them. */
export function holdsInClear(folder: string, text: string): boolean {
  return readdirSync(folder).some((name) => readFileSync(join(folder, name)).includes(text));
}
