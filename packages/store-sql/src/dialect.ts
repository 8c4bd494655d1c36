import {
  type Expression,
  type Dialect as KyselyDialect,
  type RawBuilder,
  type SelectQueryBuilder,
  SqliteAdapter,
  SqliteQueryCompiler,
  sql,
} from 'kysely';

/** Where two databases differ, as data. */
export interface Dialect {
  readonly name: string;
  /** The schema that the tables lie in; null where the database knows none. */
  readonly schema: string | null;
  /** How Kysely writes its SQL. */
  readonly kysely: Pick<KyselyDialect, 'createAdapter' | 'createQueryCompiler'>;
  /** Many rows are given to one statement as arrays; else it is run for each. */
  readonly takesArrays: boolean;
  /** The values of a JSON array of strings, given as one parameter: the text of a query does not grow with the list. */
  each(jsonArray: Expression<unknown> | string): RawBuilder<string>;
  /** Passes by rows that another transaction has in hand, and keeps them from it; nothing where there is one writer. */
  passLocked<DB, TB extends keyof DB, O>(query: SelectQueryBuilder<DB, TB, O>): SelectQueryBuilder<DB, TB, O>;
  /** Ends a `create table`. `clustered`: rows lie in the order of the primary key, where that can be chosen. */
  tableOptions(clustered: boolean): RawBuilder<unknown>;
  /** One row if the table exists. */
  tableExists(table: Expression<unknown> | string): RawBuilder<{ readonly found: number }>;
  /** Makes the place where the tables will lie; null where nothing has to be made. */
  readonly home: RawBuilder<unknown> | null;
  readonly types: {
    readonly text: 'text' | 'text collate "C"';
    readonly integer: 'integer' | 'bigint';
    readonly bytes: 'blob' | 'bytea';
    /** An integer that the database gives, each time a higher one than any that is there. */
    readonly counter: 'integer' | 'bigint generated always as identity';
  };
}

/** SQLite 3.38 or newer, which every Node since 22 brings. */
export const sqliteDialect: Dialect = {
  name: 'sqlite',
  schema: null,
  kysely: { createAdapter: () => new SqliteAdapter(), createQueryCompiler: () => new SqliteQueryCompiler() },
  takesArrays: false,
  each: (jsonArray) => sql`(select value from json_each(${jsonArray}))`,
  passLocked: (query) => query,
  tableOptions: (clustered) => (clustered ? sql`strict, without rowid` : sql`strict`),
  tableExists: (table) => sql`select 1 as found from sqlite_master where type = 'table' and name = ${table}`,
  home: null,
  // An integer that is the whole primary key is SQLite's own row id.
  types: { text: 'text', integer: 'integer', bytes: 'blob', counter: 'integer' },
};
