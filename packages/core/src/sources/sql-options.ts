import { z } from 'zod';
import type { SourceField } from '../ports/index.ts';
import type { SqlQuery } from './ask-database.ts';
import {
  fieldsSchema,
  functionSchema,
  labelSchema,
  type RecipientDataFetcher,
  relationsSchema,
} from './source-options.ts';
import type { StoredMoment } from './sql-dialect.ts';

/**
 * A field that queries may ask about. What a column holds that is not of the type fulfils no test; `null` is no value.
 *
 * - `text`: compared character by character, whatever the column's collation.
 * - `number`: a column of numbers.
 * - `boolean`: in SQLite 1 and 0.
 * - `date`: a calendar day. In SQLite text that begins with it (`2026-11-27`, `2026-11-27T10:00`); in Postgres a `date`, or
 *   a `timestamp` of the wall.
 * - `datetime`: a moment, see `stored`.
 */
export interface SqlField extends SourceField {
  /** The column, or an expression in SQL: `c.city`, `lower(c.city)`. */
  readonly column: string;
  /**
   * How a `datetime` stands in the column. Where nothing is said: in SQLite `text`, ISO 8601 and SQLite's own forms, in UTC
   * where it has no offset; in Postgres a `timestamptz` (of a `timestamp` say which zone's: `r.at at time zone 'UTC'`).
   */
  readonly stored?: StoredMoment | undefined;
}

/** What a recipient may have several of: each rule group about it tests one related row, in an EXISTS. */
export interface SqlRelation {
  /** What people call them: `Reservationer`. */
  readonly label: string;
  /** `reservations r` */
  readonly from: string;
  /** What makes a row the recipient's: `r.customer_id = c.id`. Where ids are a tenant's own, name the tenant too. */
  readonly on: string;
  readonly fields: Readonly<Record<string, SqlField>>;
}

/**
 * How tables of the host become a recipient source. Columns are names or expressions in SQL, and stand in statements as
 * they are, without `;` and comments: they are the host's own words and never a user's.
 */
export interface SqlRecipientsOptions {
  readonly dialect: 'sqlite' | 'postgres';
  /** What people call them: `Kunder`. */
  readonly label: string;
  /**
   * `customers c`, or `(select * from customers where deleted_at is null) c`. A join is fine that gives a person one row:
   * of several, one of those that fulfil the query is taken, and where the health of addresses stands in an `or` beside
   * other questions, they are asked of the first. What there are several of is a relation.
   */
  readonly from: string;
  /** Whose row it is. Without it the source is refused under `.tenant()`; a call that names no tenant sees all rows. */
  readonly tenant?: string | undefined;
  /** Texts, whole numbers or uuids; unique, and best with an index: pages are read in its order. */
  readonly id: string;
  readonly name?: string | undefined;
  readonly email?: string | undefined;
  /** With country code. */
  readonly phone?: string | undefined;
  /** BCP 47; `da_DK` is read as `da-DK`. */
  readonly locale?: string | undefined;
  /** IANA. */
  readonly timeZone?: string | undefined;
  /** What queries may ask about, by name. */
  readonly fields?: Readonly<Record<string, SqlField>> | undefined;
  /** What a recipient may have several of, by name; asked about as `reservation.date`. */
  readonly relations?: Readonly<Record<string, SqlRelation>> | undefined;
  /** Tag values for these recipients (at most 500 at a time), by id. */
  readonly data?: RecipientDataFetcher | undefined;
  /**
   * Runs a statement and answers its rows as objects. Parameters are texts and numbers, in the order of the placeholders:
   * `?` in SQLite, `$1` in Postgres.
   */
  readonly query: SqlQuery;
}

const QUOTED = /'[^']*'|"[^"]*"|`[^`]*`|\[[^\]]*\]/g;

/** A part of a statement. What ends the statement or comments on it would take the rest away: the tenant, the query. */
const sqlSchema = z
  .string()
  .refine((text) => text.trim() !== '', 'must be SQL')
  .refine((text) => !/;|--|\/\*/.test(text.replace(QUOTED, '')), 'must be SQL without ";" and comments');

const declaredFields = fieldsSchema({
  column: sqlSchema,
  stored: z.enum(['text', 'epochMs', 'epochSeconds']).optional(),
});

export const sqlOptionsSchema = z
  .strictObject({
    dialect: z.enum(['sqlite', 'postgres']),
    label: labelSchema,
    from: sqlSchema,
    tenant: sqlSchema.optional(),
    id: sqlSchema,
    name: sqlSchema.optional(),
    email: sqlSchema.optional(),
    phone: sqlSchema.optional(),
    locale: sqlSchema.optional(),
    timeZone: sqlSchema.optional(),
    fields: declaredFields.optional(),
    relations: relationsSchema(
      z.strictObject({ label: labelSchema, from: sqlSchema, on: sqlSchema, fields: declaredFields }),
    ).optional(),
    data: functionSchema.optional(),
    query: functionSchema,
  })
  .superRefine(({ dialect, fields = {}, relations = {} }, context) => {
    const groups = Object.entries(relations).map(
      ([name, relation]) => [['relations', name, 'fields'], relation.fields] as const,
    );
    for (const [path, declared] of [[['fields'], fields] as const, ...groups]) {
      for (const [name, { type, stored }] of Object.entries(declared)) {
        const message = storedProblem(dialect, type, stored);
        if (message !== undefined)
          context.addIssue({ code: 'custom', path: [...path, name, 'stored'], message });
      }
    }
  });

function storedProblem(dialect: string, type: string, stored: StoredMoment | undefined): string | undefined {
  if (stored === undefined) return undefined;
  if (type !== 'datetime') return 'is said of a datetime only';
  if (dialect === 'sqlite' || stored !== 'text') return undefined;
  return 'cannot be text in Postgres: cast the column to timestamptz';
}
