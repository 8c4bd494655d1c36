import { type CompiledQuery, type CreateTableBuilder, type Kysely, type SqlBool, sql } from 'kysely';
import type { Dialect } from '../dialect.ts';

/** A question mark allows null; a `counter` is given by the database, rising. */
export type ColumnType = 'text' | 'text?' | 'integer' | 'integer?' | 'bytes' | 'counter';

export interface TableOptions {
  readonly key: readonly string[];
  /** Rows lie in the order of the key: good for narrow rows that are looked up by it. */
  readonly clustered?: boolean;
}

export interface IndexOptions {
  readonly unique?: boolean;
  /** SQL, without parameters; only rows that fulfil it are in the index. */
  readonly where?: string;
}

/** What rows that are there already get. */
export interface AddedColumnOptions {
  readonly type: ColumnType;
  /** Needed where null is not allowed. */
  readonly default?: string;
}

/** Writes tables and indexes down as data, so that a migration reads like the schema it makes. */
export function definitions(db: Kysely<unknown>, dialect: Dialect) {
  function table(
    name: string,
    columns: Readonly<Record<string, ColumnType>>,
    options: TableOptions,
  ): CompiledQuery {
    let builder: CreateTableBuilder<string, string> = db.schema.createTable(name);
    for (const [column, type] of Object.entries(columns)) {
      builder = builder.addColumn(column, sqlType(type), (it) => (isNullable(type) ? it : it.notNull()));
    }
    return builder
      .addPrimaryKeyConstraint(`${name}_key`, [...options.key])
      .modifyEnd(dialect.tableOptions(options.clustered ?? false))
      .compile();
  }

  function index(
    table: string,
    name: string,
    columns: readonly string[],
    options: IndexOptions = {},
  ): CompiledQuery {
    let builder = db.schema
      .createIndex(`${table}_${name}`)
      .on(table)
      .columns([...columns]);
    if (options.unique) builder = builder.unique();
    if (options.where !== undefined) {
      const condition = sql.raw<SqlBool>(options.where);
      builder = builder.where(() => condition);
    }
    return builder.compile();
  }

  function dropIndex(table: string, name: string): CompiledQuery {
    return db.schema.dropIndex(`${table}_${name}`).compile();
  }

  function addColumn(
    table: string,
    column: string,
    { type, default: before }: AddedColumnOptions,
  ): CompiledQuery {
    return db.schema
      .alterTable(table)
      .addColumn(column, sqlType(type), (it) => {
        const filled = before === undefined ? it : it.defaultTo(before);
        return isNullable(type) ? filled : filled.notNull();
      })
      .compile();
  }

  function sqlType(type: ColumnType) {
    return sql.raw(dialect.types[(isNullable(type) ? type.slice(0, -1) : type) as keyof Dialect['types']]);
  }

  return { table, index, dropIndex, addColumn };
}

function isNullable(type: ColumnType): boolean {
  return type.endsWith('?');
}
