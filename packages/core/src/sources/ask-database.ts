import { InputError } from '../errors.ts';
import { failed } from './read-failure.ts';
import type { SqlDialect } from './sql-dialect.ts';
import { type Fragment, renderSql, type SqlParameter } from './sql-fragment.ts';

/** Runs a statement on the host's database and answers its rows as objects. May be asynchronous. */
export type SqlQuery = (
  sql: string,
  params: SqlParameter[],
) => readonly unknown[] | Promise<readonly unknown[]>;

export type SqlRow = Readonly<Record<string, unknown>>;

/**
 * Runs a statement. What goes wrong there is told without the statement's values and without rows, which are people's
 * data; the database's own error is the cause.
 *
 * @throws SourceError `source_failed`
 * @throws InputError `invalid_query` where it holds more values than the database takes.
 */
export async function askDatabase(
  source: { readonly label: string; readonly query: SqlQuery },
  dialect: SqlDialect,
  statement: Fragment,
): Promise<readonly SqlRow[]> {
  const { text, params } = renderSql(statement, dialect.placeholder);
  if (params.length > dialect.maxParameters) {
    throw new InputError('invalid_query', 'The query holds more values than the database takes.', {
      advice: 'Ask for many values in one rule, with `in`.',
    });
  }
  const rows = await run(source, text, params);
  if (Array.isArray(rows) && rows.every((row) => typeof row === 'object' && row !== null)) return rows;
  throw failed(source.label, 'Its `query` answered no list of rows.', {
    advice: 'Answer the rows as objects: of pg, `(await pool.query(sql, params)).rows`.',
  });
}

async function run(source: { label: string; query: SqlQuery }, text: string, params: SqlParameter[]) {
  try {
    return await source.query(text, params);
  } catch (cause) {
    throw failed(source.label, 'Its query failed.', { cause, advice: 'The cause says why.' });
  }
}
