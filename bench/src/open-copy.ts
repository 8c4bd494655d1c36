import { DatabaseSync, type SQLInputValue } from 'node:sqlite';

/** A row's values in the order of its columns. */
export type Values = readonly SQLInputValue[];
/** A row by its columns. */
export type Row = Readonly<Record<string, SQLInputValue>>;

/** An empty database with the tables and indexes of another one, to write the same rows in some other way. */
export interface Copy extends Disposable {
  readonly target: DatabaseSync;
  /** The rows of a table in the other one, in the order of their key. */
  rowsOf(table: string): readonly Row[];
  /** Writes one row. */
  inserterOf(table: string): (values: Values) => unknown;
}

/** Makes it in a new file, with the write-ahead log that Posthorn uses. */
export function openCopy(from: string, to: string): Copy {
  const source = new DatabaseSync(from, { readOnly: true });
  const target = new DatabaseSync(to);
  target.exec('PRAGMA journal_mode = WAL');
  for (const { sql } of source.prepare('SELECT sql FROM sqlite_master WHERE sql IS NOT NULL').all()) {
    target.exec(String(sql));
  }
  return {
    target,
    rowsOf: (table) => source.prepare(`SELECT * FROM ${table} ORDER BY 1`).all() as Row[],
    inserterOf(table) {
      const columns = source.prepare(`SELECT name FROM pragma_table_info('${table}')`).all();
      const insert = target.prepare(`INSERT INTO ${table} VALUES (${columns.map(() => '?').join(', ')})`);
      return (values) => insert.run(...values);
    },
    [Symbol.dispose]() {
      source.close();
      target.close();
    },
  };
}
