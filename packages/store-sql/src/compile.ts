import { type CompiledQuery, DummyDriver, Kysely, SqliteIntrospector } from 'kysely';
import type { Dialect } from './dialect.ts';
import type { AnyStatement, Insertion, Param, Params, Statement } from './program.ts';
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
  insertion(insertion: Insertion): CompiledStatement;
}

/** Stands for a parameter while a statement is compiled. */
class Place {
  readonly name: string;
  constructor(name: string) {
    this.name = name;
  }
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
  const statements = new WeakMap<AnyStatement | Insertion, CompiledStatement>();
  const places = new Proxy({}, { get: (_, name) => new Place(String(name)) });

  function cached<K extends AnyStatement | Insertion>(
    key: K,
    compile: (key: K) => CompiledQuery,
  ): CompiledStatement {
    let compiled = statements.get(key);
    if (compiled === undefined) {
      compiled = withLayout(compile(key));
      statements.set(key, compiled);
    }
    return compiled;
  }

  return {
    dialect,
    statement: (statement) =>
      cached(statement, (it) => (it as Statement<Params, unknown>).build(db, places, dialect).compile()),
    insertion: (insertion) => cached(insertion, (it) => compileInsertion(db, it)),
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

function compileInsertion(db: Database, { table, columns, keepExisting }: Insertion): CompiledQuery {
  const values = Object.fromEntries(columns.map((column) => [column, new Place(column)]));
  // `insertion()` has checked that the table is there and the columns are its own.
  let query = db.insertInto(table as keyof Schema).values(values as never);
  if (keepExisting) query = query.onConflict((conflict) => conflict.doNothing());
  return query.compile();
}

function withLayout(query: CompiledQuery): CompiledStatement {
  const layout = query.parameters.map((value) =>
    value instanceof Place ? value : { constant: value as Param },
  );
  return {
    sql: query.sql,
    returnsRows: returnsRows(query),
    bind(params) {
      const named = params as Readonly<Record<string, Param>>;
      return layout.map((place) => (place instanceof Place ? (named[place.name] as Param) : place.constant));
    },
  };
}

function returnsRows({ query }: CompiledQuery): boolean {
  if (query.kind === 'SelectQueryNode') return true;
  if (query.kind === 'RawNode') return true;
  return 'returning' in query && query.returning !== undefined;
}
