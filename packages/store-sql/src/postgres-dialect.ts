import { PostgresAdapter, PostgresQueryCompiler, type SchemableIdentifierNode, sql } from 'kysely';
import type { Dialect } from './dialect.ts';
import { type Param, Place } from './param.ts';

/**
 * Postgres 13 or newer. Programs run in transactions that read what is committed (`read committed`); what they must not
 * see change they lock.
 *
 * @param schema - where the tables lie; every statement names it, so it need not be on anybody's search path.
 * @example
 * ```ts
 * import { createCompiler, postgresDialect } from '@posthorn/store-sql';
 *
 * export const compiler = createCompiler(postgresDialect('messages'));
 * ```
 */
export function postgresDialect(schema = 'posthorn'): Dialect {
  return {
    name: 'postgres',
    schema,
    takesArrays: true,
    kysely: {
      createAdapter: () => new PostgresAdapter(),
      createQueryCompiler: () => new QualifyingCompiler(schema),
    },
    each: (jsonArray) =>
      sql`(select value from json_array_elements_text(${listPlace(jsonArray)}::text::json))`,
    passLocked: (query) => query.forUpdate().skipLocked(),
    tableOptions: () => sql``,
    tableExists: (table) =>
      sql`select 1 as found from pg_catalog.pg_tables where schemaname = ${schema} and tablename = ${table}`,
    // Asked first: who may not make schemas may still use one that is there.
    home: sql`do ${sql.lit(
      `begin if not exists (select from pg_catalog.pg_namespace where nspname = '${quoted(schema, "'")}') then ` +
        `create schema "${quoted(schema, '"')}"; end if; end`,
    )}`,
    // In the order of the bytes, as everywhere else.
    types: {
      text: 'text collate "C"',
      integer: 'bigint',
      bytes: 'bytea',
      counter: 'bigint generated always as identity',
    },
  };
}

/** Names the schema before every table of ours, wherever it stands; the names that a statement gives itself stay alone. */
class QualifyingCompiler extends PostgresQueryCompiler {
  readonly #schema: string;

  constructor(schema: string) {
    super();
    this.#schema = schema;
  }

  protected override visitSchemableIdentifier(node: SchemableIdentifierNode): void {
    if (node.schema === undefined && node.identifier.name.startsWith('posthorn_')) {
      this.append(`"${quoted(this.#schema, '"')}".`);
    }
    super.visitSchemableIdentifier(node);
  }
}

function listPlace<T>(jsonArray: T): T | Place {
  return jsonArray instanceof Place ? new Place(jsonArray.name, listOf) : jsonArray;
}

const UNSTORABLE = /\\u(?:0000|d[89a-f])/i;

/** Of a list to be looked for, without what no text of Postgres can be. */
function listOf(value: Param): Param {
  if (typeof value !== 'string' || !UNSTORABLE.test(value)) return value;
  const list: readonly string[] = JSON.parse(value);
  return JSON.stringify(list.filter((text) => !text.includes('\0') && text.isWellFormed()));
}

function quoted(text: string, mark: string): string {
  return text.replaceAll(mark, mark + mark);
}
