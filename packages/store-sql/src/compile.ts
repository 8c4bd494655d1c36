import { type CompiledQuery, DummyDriver, Kysely, SqliteIntrospector } from 'kysely';
import { type BulkStatement, eachArrays, insertArrays } from './bulk.ts';
import { holdsBytes } from './column-types.ts';
import type { Dialect } from './dialect.ts';
import { fit, layout, type Param, type Params, Place, places } from './param.ts';
import type { AnyStatement, Insertion, Statement } from './program.ts';
import type { Database, Schema } from './schema.ts';

/** SQL text, and how to lay out its parameters. */
export interface CompiledStatement {
  readonly sql: string;
  /** Whether rows come back. */
  readonly returnsRows: boolean;
  /** The values in the order of the placeholders. */
  bind(params: Params): readonly Param[];
}

/** Compiles each statement once. */
export interface Compiler {
  readonly dialect: Dialect;
  statement(statement: AnyStatement): CompiledStatement;
  /** Of an `each` command. */
  each(statement: AnyStatement): BulkStatement<Params>;
  insertion(insertion: Insertion): BulkStatement<readonly Param[]>;
}

/**
 * Compiles for one dialect.
 *
 * @example
 * ```ts
 * import { createCompiler, sqliteDialect } from '@posthorn/store-sql';
 *
 * export const compiler = createCompiler(sqliteDialect);
 * ```
 */
export function createCompiler(dialect: Dialect): Compiler {
  const db = queryBuilder(dialect);
  const compile = (it: AnyStatement) =>
    withLayout((it as Statement<Params, unknown>).build(db, places, dialect).compile());
  const statement = once(compile);
  return {
    dialect,
    statement,
    each: once((it) => {
      if (dialect.takesArrays) return eachArrays(db, dialect, it as Statement<Params, unknown>);
      const { sql, bind } = statement(it);
      return { sql, runs: (rows) => rows.map(bind) };
    }),
    insertion: once((it) =>
      dialect.takesArrays && !it.columns.some(holdsBytes) ? insertArrays(db, it) : insertRows(db, it),
    ),
  };
}

function once<K extends object, V>(make: (key: K) => V): (key: K) => V {
  const made = new WeakMap<K, V>();
  return (key) => {
    let value = made.get(key);
    if (value === undefined) {
      value = make(key);
      made.set(key, value);
    }
    return value;
  };
}

/** A Kysely that compiles and never connects. */
export function queryBuilder(dialect: Dialect): Database {
  return new Kysely<Schema>({
    dialect: {
      ...dialect.kysely,
      createDriver: () => new DummyDriver(),
      // Required, and never asked.
      createIntrospector: (db) => new SqliteIntrospector(db),
    },
  });
}

function insertRows(
  db: Database,
  { table, columns, keepExisting }: Insertion,
): BulkStatement<readonly Param[]> {
  const values = Object.fromEntries(columns.map((column) => [column, new Place(column)]));
  // `insertion()` has checked that the table is there and the columns are its own.
  let query = db.insertInto(table as keyof Schema).values(values as never);
  if (keepExisting) query = query.onConflict((conflict) => conflict.doNothing());
  const { sql } = query.compile();
  return { sql, runs: (rows) => rows.map((row) => row.map(fit)) };
}

function withLayout(query: CompiledQuery): CompiledStatement {
  return { sql: query.sql, returnsRows: returnsRows(query), bind: layout(query.parameters) };
}

function returnsRows({ query }: CompiledQuery): boolean {
  if (query.kind === 'SelectQueryNode') return true;
  if (query.kind === 'RawNode') return true;
  return 'returning' in query && query.returning !== undefined;
}
