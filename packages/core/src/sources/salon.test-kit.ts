import { DatabaseSync } from 'node:sqlite';
import type { RecipientSource, SourceField } from '../ports/index.ts';
import { arrayRecipients, type SqlField, type SqlRecipientsOptions, sqlRecipients } from './index.ts';

// The same customers in an array and in a database, so that both can be asked the same.

export interface Customer {
  readonly id: number | string;
  readonly company: string;
  readonly city: string | null;
  readonly points: number | null;
  readonly visits: number | null;
  readonly vip: boolean | null;
  readonly born: string | null;
  readonly seen: Seen | null;
  readonly reservations: readonly Reservation[];
}

/** A moment, and a text that names it. */
interface Seen {
  readonly ms: number;
  readonly text: string;
}

export interface Reservation {
  readonly day: string | null;
  readonly service: string | null;
  readonly minutes: number | null;
}

const TYPES = {
  city: 'text',
  points: 'number',
  visits: 'number',
  vip: 'boolean',
  born: 'date',
  seen: 'datetime',
  seenMs: 'datetime',
  seenSeconds: 'datetime',
} as const;

const RELATED_TYPES = { day: 'date', service: 'text', minutes: 'number' } as const;

export const FIELDS = Object.entries(TYPES);
export const RELATED_FIELDS = Object.entries(RELATED_TYPES);

function declare<Place>(
  types: Readonly<Record<string, SourceField['type']>>,
  place: (name: string) => Place,
): Record<string, SourceField & Place> {
  return Object.fromEntries(
    Object.entries(types).map(([name, type]) => [name, { type, label: name, ...place(name) }]),
  );
}

export function arraySalon(customers: readonly Customer[]): RecipientSource {
  const seen = (customer: Customer) => customer.seen?.ms;
  const places: Readonly<Record<string, (customer: Customer) => unknown>> = {
    seen: (customer) => customer.seen?.text,
    seenMs: seen,
    seenSeconds: seen,
  };
  return arrayRecipients({
    label: 'Customers',
    rows: customers,
    tenant: 'company',
    id: 'id',
    fields: declare(TYPES, (name) => ({ column: places[name] ?? (name as keyof Customer) })),
    relations: {
      reservation: {
        label: 'Reservations',
        rows: (customer: Customer) => customer.reservations,
        fields: declare(RELATED_TYPES, (name) => ({ column: name as keyof Reservation })),
      },
    },
  });
}

const STORED: Readonly<Record<string, Partial<SqlField>>> = {
  seenMs: { stored: 'epochMs' },
  seenSeconds: { stored: 'epochSeconds' },
};
const COLUMNS: Readonly<Record<string, string>> = { seenMs: 'seen_ms', seenSeconds: 'seen_s' };

export function sqlSalon(
  dialect: SqlRecipientsOptions['dialect'],
  query: SqlRecipientsOptions['query'],
  more: Partial<SqlRecipientsOptions> = {},
): RecipientSource {
  return sqlRecipients({
    dialect,
    label: 'Customers',
    from: 'customers c',
    tenant: 'c.company',
    id: 'c.id',
    fields: declare(TYPES, (name) => ({ column: `c.${COLUMNS[name] ?? name}`, ...STORED[name] })),
    relations: {
      reservation: {
        label: 'Reservations',
        from: 'reservations r',
        on: 'r.customer = c.id',
        fields: declare(RELATED_TYPES, (name) => ({ column: `r.${name}` })),
      },
    },
    query,
    ...more,
  });
}

/** The types of columns that differ between databases. */
export interface ColumnTypes {
  readonly id: string;
  readonly text: string;
  readonly date: string;
  readonly moment: string;
}

export function salonTables({ id, text, date, moment }: ColumnTypes): string {
  return `
    drop table if exists customers;
    drop table if exists reservations;
    create table customers (
      id ${id} primary key, company ${text}, city ${text}, points double precision, visits integer, vip boolean,
      born ${date}, seen ${moment}, seen_ms bigint, seen_s double precision
    );
    create table reservations (customer ${id}, day ${date}, service ${text}, minutes integer);
    create index reservations_by_customer on reservations (customer);`;
}

const seconds = (ms: number | undefined) => (ms === undefined ? null : ms / 1000);

export function customerValues(customer: Customer): readonly unknown[] {
  const { id, company, city, points, visits, vip, born } = customer;
  return [
    id,
    company,
    city,
    points,
    visits,
    vip,
    born,
    customer.seen?.text ?? null,
    customer.seen?.ms ?? null,
    seconds(customer.seen?.ms),
  ];
}

export function reservationValues(customer: Customer): readonly (readonly unknown[])[] {
  return customer.reservations.map(({ day, service, minutes }) => [customer.id, day, service, minutes]);
}

/** Letters' case is no difference to its columns, unless somebody asks for it. */
export const SQLITE_TYPES: ColumnTypes = {
  id: 'integer',
  text: 'text collate nocase',
  date: 'date',
  moment: 'text',
};

export function openSqlite(customers: readonly Customer[], types = SQLITE_TYPES): DatabaseSync {
  const database = new DatabaseSync(':memory:');
  database.exec(salonTables(types));
  const insert = database.prepare('insert into customers values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)');
  const relate = database.prepare('insert into reservations values (?, ?, ?, ?)');
  const plain = (value: unknown) => (typeof value === 'boolean' ? Number(value) : value) as string | null;
  for (const customer of customers) {
    insert.run(...customerValues(customer).map(plain));
    for (const values of reservationValues(customer)) relate.run(...values.map(plain));
  }
  return database;
}

export function sqliteQuery(database: DatabaseSync): SqlRecipientsOptions['query'] {
  return (sql, params) => database.prepare(sql).all(...params);
}
