import { checkInput } from '../check-input.ts';
import type { RecipientSource } from '../ports/index.ts';
import { askDatabase } from './ask-database.ts';
import { checkCondition } from './check-condition.ts';
import { postgresDialect } from './postgres-dialect.ts';
import { readPage, readRecipients } from './read-recipients.ts';
import { answer, type SqlTable, selectByIds, selectPage } from './select-recipients.ts';
import { dataMap, mapValues, publicFields, publicRelations } from './source-options.ts';
import { sqlColumn } from './sql-column.ts';
import type { AskSql, FieldColumn, SqlDialect } from './sql-dialect.ts';
import { type Fragment, trusted } from './sql-fragment.ts';
import { type SqlField, type SqlRecipientsOptions, sqlOptionsSchema } from './sql-options.ts';
import { sqliteDialect } from './sqlite-dialect.ts';

const DIALECTS: Readonly<Record<SqlRecipientsOptions['dialect'], SqlDialect>> = {
  sqlite: sqliteDialect,
  postgres: postgresDialect,
};

/**
 * A recipient source over the host's own database. Posthorn writes the statements and the host runs them, so any driver
 * serves. What queries bring is only ever sent as parameters; names come from these options alone.
 *
 * @throws InputError `invalid_input` where the options are not as described.
 *
 * @example
 * ```ts
 * import { sqlRecipients } from '@posthorn/core';
 * import { DatabaseSync } from 'node:sqlite';
 *
 * const database = new DatabaseSync('booking.db');
 *
 * export const customers = sqlRecipients({
 *   dialect: 'sqlite',
 *   label: 'Customers',
 *   from: 'customers c',
 *   tenant: 'c.company_id',
 *   id: 'c.id',
 *   name: 'c.name',
 *   email: 'c.email',
 *   fields: { city: { column: 'c.city', type: 'text', label: 'City' } },
 *   relations: {
 *     reservation: {
 *       from: 'reservations r',
 *       on: 'r.customer_id = c.id',
 *       label: 'Reservations',
 *       fields: { date: { column: 'r.date', type: 'date', label: 'Date' } },
 *     },
 *   },
 *   query: (sql, params) => database.prepare(sql).all(...params),
 * });
 * ```
 */
export function sqlRecipients(options: SqlRecipientsOptions): RecipientSource {
  checkInput(sqlOptionsSchema, options, 'options of sqlRecipients');
  const { label, data } = options;
  const dialect = DIALECTS[options.dialect];
  const fields = publicFields(options.fields);
  const relations = publicRelations(options.relations);
  const ask = (statement: Fragment) => askDatabase(options, dialect, statement);
  const opened = once(() => openTable(options, dialect, ask));
  const source: RecipientSource = {
    label,
    tenantAware: options.tenant !== undefined,
    fields,
    relations,
    async byIds(ids, scope) {
      return readRecipients(await ask(selectByIds(await opened(), ids, scope)), label);
    },
    async find(question, scope) {
      for (const asked of [question.where, ...question.probes]) checkCondition(asked, { fields, relations });
      const rows = await ask(selectPage(await opened(), question, scope));
      return readPage(rows, question.limit, label);
    },
  };
  if (data === undefined) return source;
  return { ...source, data: async (ids, scope) => dataMap(await data(ids, scope), label) };
}

const COLUMNS = ['name', 'email', 'phone', 'locale', 'timeZone'] as const;

async function openTable(options: SqlRecipientsOptions, dialect: SqlDialect, ask: AskSql): Promise<SqlTable> {
  const from = trusted(options.from);
  const keys = [options.id, options.tenant].filter((option) => option !== undefined);
  const [id, tenant] = await dialect.openKeys(keys.map(sqlColumn), from, ask);
  if (id === undefined) throw new TypeError('A dialect opened no id.');
  return {
    dialect,
    from,
    id,
    tenant,
    fields: columnsOf(options.fields ?? {}),
    relations: mapValues(options.relations ?? {}, (relation) => ({
      from: trusted(relation.from),
      on: trusted(relation.on),
      fields: columnsOf(relation.fields),
    })),
    columns: COLUMNS.flatMap((name) => {
      const column = options[name];
      return column === undefined ? [] : [answer(sqlColumn(column).sql, name)];
    }),
  };
}

function columnsOf(fields: Readonly<Record<string, SqlField>>): Record<string, FieldColumn> {
  return mapValues(fields, ({ column, type, stored }) => ({ ...sqlColumn(column), type, stored }));
}

/** Asks once; after a failure, again. */
function once<T>(open: () => Promise<T>): () => Promise<T> {
  let opening: Promise<T> | undefined;
  return () => {
    opening ??= open().catch((error) => {
      opening = undefined;
      throw error;
    });
    return opening;
  };
}
