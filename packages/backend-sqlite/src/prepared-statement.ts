import type { Param } from '@posthorn/store-sql';
import type { HostDatabase, HostStatement } from './host-database.ts';

/** A statement, whatever kind of handle it was prepared on. */
export interface PreparedStatement {
  /** Objects by the names of the columns; numbers are numbers. */
  all(values: readonly Param[]): unknown[];
  run(values: readonly Param[]): void;
}

type Row = Readonly<Record<string, unknown>>;

/**
 * Rows come as arrays and are named here: the objects that node:sqlite makes are slow dictionaries, and reading a wide row
 * takes half the time this way.
 */
export function prepareStatement(database: HostDatabase, sql: string): PreparedStatement {
  const statement = database.prepare(sql);
  let columns: readonly string[] | undefined;
  const named = (values: readonly unknown[]): Row => {
    // Another process may have added a column since (SQLite prepares the statement again by itself).
    if (columns?.length !== values.length) columns = statement.columns().map(({ name }) => name);
    const row: Record<string, unknown> = {};
    for (let index = 0; index < values.length; index += 1) row[columns[index] ?? ''] = values[index];
    return row;
  };
  plainNumbers(statement);
  let asArrays = false;
  return {
    all(values) {
      if (!asArrays) returnArrays(statement);
      asArrays = true;
      return (statement.all(...values) as unknown[][]).map(named);
    },
    run(values) {
      statement.run(...values);
    },
  };
}

/** better-sqlite3 refuses it for a statement that answers nothing. */
function returnArrays(statement: HostStatement): void {
  if (statement.raw !== undefined) statement.raw(true);
  else statement.setReturnArrays?.(true);
}

/** A host may have asked its handle for BigInts. */
function plainNumbers(statement: HostStatement): void {
  statement.setReadBigInts?.(false);
  statement.safeIntegers?.(false);
}
