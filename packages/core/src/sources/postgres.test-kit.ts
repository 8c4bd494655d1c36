import { PGlite } from '@electric-sql/pglite';
import type { SqlQuery } from './index.ts';
import {
  type ColumnTypes,
  type Customer,
  customerValues,
  reservationValues,
  salonTables,
} from './salon.test-kit.ts';

// Postgres itself, in this process: the tests need no server and no network. Its texts ignore the case of letters, which
// is the worst that a column can do to a question.

export const POSTGRES_TYPES: ColumnTypes = {
  id: 'bigint',
  text: 'text collate loose',
  date: 'date',
  moment: 'timestamptz',
};

export async function openPostgres(): Promise<PGlite> {
  const database = await PGlite.create();
  await database.exec(
    `create collation loose (provider = icu, locale = 'und-u-ks-level2', deterministic = false)`,
  );
  return database;
}

export function postgresQuery(database: PGlite): SqlQuery {
  return async (sql, params) => (await database.query<object>(sql, params)).rows;
}

export async function fillPostgres(
  database: PGlite,
  customers: readonly Customer[],
  types: ColumnTypes,
): Promise<void> {
  await database.exec(salonTables(types));
  const rows = customers.map((customer) => customerValues(customer));
  await insert(database, 'customers', rows);
  await insert(database, 'reservations', customers.flatMap(reservationValues));
}

async function insert(database: PGlite, table: string, rows: readonly (readonly unknown[])[]): Promise<void> {
  const { rows: columns } = await database.query<{ name: string; type: string }>(
    `select attname as name, format_type(atttypid, atttypmod) as type from pg_attribute
     where attrelid = $1::text::regclass and attnum > 0 order by attnum`,
    [table],
  );
  const values = columns.map(({ type }, index) => `(value->>${index})::${type}`);
  await database.query(
    `insert into ${table} select ${values.join(', ')} from jsonb_array_elements($1::text::jsonb)`,
    [JSON.stringify(rows)],
  );
}
