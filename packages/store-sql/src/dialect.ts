import {
  type Expression,
  type Dialect as KyselyDialect,
  type RawBuilder,
  SqliteAdapter,
  SqliteQueryCompiler,
  sql,
} from 'kysely';

/** Where two databases differ, as data. */
export interface Dialect {
  readonly name: string;
  /** How Kysely writes its SQL. */
  readonly kysely: Pick<KyselyDialect, 'createAdapter' | 'createQueryCompiler'>;
  /** The values of a JSON array of strings, given as one parameter: the text of a query does not grow with the list. */
  each(jsonArray: Expression<unknown> | string): RawBuilder<string>;
  /** Ends a `create table`. `clustered`: rows lie in the order of the primary key, where that can be chosen. */
  tableOptions(clustered: boolean): RawBuilder<unknown>;
  /** One row if the table exists. */
  tableExists(table: Expression<unknown> | string): RawBuilder<{ readonly found: number }>;
  readonly types: {
    readonly text: 'text';
    readonly integer: 'integer' | 'bigint';
    readonly bytes: 'blob' | 'bytea';
  };
}

/** SQLite 3.38 or newer, which every Node since 22 brings. */
export const sqliteDialect: Dialect = {
  name: 'sqlite',
  kysely: { createAdapter: () => new SqliteAdapter(), createQueryCompiler: () => new SqliteQueryCompiler() },
  each: (jsonArray) => sql`(select value from json_each(${jsonArray}))`,
  tableOptions: (clustered) => (clustered ? sql`strict, without rowid` : sql`strict`),
  tableExists: (table) => sql`select 1 as found from sqlite_master where type = 'table' and name = ${table}`,
  types: { text: 'text', integer: 'integer', bytes: 'blob' },
};
