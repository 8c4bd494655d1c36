import { z } from 'zod';
import { checkInput } from '../check-input.ts';
import type { RecipientSource, SourceField, SourceRecipient, SourceScope } from '../ports/index.ts';
import { rowText } from '../recipients/index.ts';
import { checkCondition } from './check-condition.ts';
import { findInRows } from './find-in-rows.ts';
import { matchCondition } from './match-condition.ts';
import { checkRows, rowReader } from './row-reader.ts';
import {
  dataMap,
  fieldsSchema,
  functionSchema,
  labelSchema,
  publicFields,
  publicRelations,
  type RecipientDataFetcher,
  relationsSchema,
} from './source-options.ts';

/** Where a value stands in a row: a column's name, or a function of the row. */
export type RowColumn<Row> = (keyof Row & string) | ((row: Row) => unknown);

/**
 * A field that queries may ask about. Of a `date` the first ten characters of a text count (`2026-11-27`), of a `Date`
 * its day in UTC. A `datetime` is a `Date`, ms since the epoch, or ISO 8601 text, in UTC where it has no offset. What is
 * not of the type fulfils no test; `null` and `undefined` are no value.
 */
export interface ArrayField<Row> extends SourceField {
  readonly column: RowColumn<Row>;
}

/** A field of a related row. A function says its parameter's type, or `rows` of the relation does. */
export interface RelatedField<Related> extends SourceField {
  readonly column: RowColumn<Related>;
}

/** What a recipient may have several of: each rule group about it tests one related row. */
export interface ArrayRelation<Row, Related> {
  /** What people call them: `Reservationer`. */
  readonly label: string;
  /** The related rows of a row. */
  readonly rows: (row: Row) => readonly Related[];
  readonly fields: Readonly<Record<string, RelatedField<Related>>>;
}

/** How an array of rows becomes a recipient source. */
export interface ArrayRecipientsOptions<
  Row extends object,
  Related extends Readonly<Record<string, object>> = Readonly<Record<string, object>>,
> {
  /** What people call them: "Customers". */
  readonly label: string;
  /** The rows, or a function that is asked for them each time. */
  readonly rows: readonly Row[] | (() => readonly Row[] | Promise<readonly Row[]>);
  /** Whose row it is. Without it the source is refused under `.tenant()`; a call that names no tenant sees all rows. */
  readonly tenant?: RowColumn<Row> | undefined;
  /** Texts or whole numbers; unique, or resolving it fails. */
  readonly id: RowColumn<Row>;
  readonly name?: RowColumn<Row> | undefined;
  readonly email?: RowColumn<Row> | undefined;
  /** With country code. */
  readonly phone?: RowColumn<Row> | undefined;
  /** BCP 47; `da_DK` is read as `da-DK`. */
  readonly locale?: RowColumn<Row> | undefined;
  /** IANA. */
  readonly timeZone?: RowColumn<Row> | undefined;
  /** What queries may ask about, by name. */
  readonly fields?: Readonly<Record<string, ArrayField<Row>>> | undefined;
  /** What a recipient may have several of, by name; asked about as `reservation.date`. */
  readonly relations?: { readonly [Name in keyof Related]: ArrayRelation<Row, Related[Name]> } | undefined;
  /** Tag values for these recipients (at most 500 at a time), by id. */
  readonly data?: RecipientDataFetcher | undefined;
}

/**
 * A recipient source over rows in memory. Every call looks through all rows: right for a few thousand, and for tests.
 *
 * @throws InputError `invalid_input` where the options are not as described.
 *
 * @example
 * ```ts
 * import { arrayRecipients } from '@posthorn/core';
 *
 * const customers = [
 *   { no: 17, name: 'Anna', mail: 'anna@example.dk', city: 'Aarhus', reservations: [{ day: '2026-11-27' }] },
 * ];
 *
 * export const source = arrayRecipients({
 *   label: 'Customers',
 *   rows: customers,
 *   id: 'no',
 *   name: 'name',
 *   email: 'mail',
 *   fields: { city: { column: 'city', type: 'text', label: 'City' } },
 *   relations: {
 *     reservation: {
 *       label: 'Reservations',
 *       rows: (customer) => customer.reservations,
 *       fields: { date: { column: 'day', type: 'date', label: 'Date' } },
 *     },
 *   },
 * });
 * ```
 */
export function arrayRecipients<
  Row extends object,
  Related extends Readonly<Record<string, object>> = Readonly<Record<string, object>>,
>(options: ArrayRecipientsOptions<Row, Related>): RecipientSource {
  checkInput(optionsSchema, options, 'options of arrayRecipients');
  const { label, data, tenant } = options;
  const fields = publicFields(options.fields);
  const relations = publicRelations(options.relations);
  const reader = rowReader(options);
  const rowsOf = async (scope: SourceScope) => {
    const answered = typeof options.rows === 'function' ? await options.rows() : options.rows;
    const rows = checkRows(answered, label, '`rows`');
    if (!scope.scoped) return rows;
    return rows.filter((row) => tenant !== undefined && textOf(row, tenant) === scope.tenant);
  };
  const source: RecipientSource = {
    label,
    tenantAware: tenant !== undefined,
    fields,
    relations,
    async byIds(ids, scope) {
      const wanted = new Set(ids);
      const rows = await rowsOf(scope);
      return rows.filter((row) => wanted.has(reader.id(row) ?? '')).map((row) => recipientOf(row, options));
    },
    async find({ where, probes, after, limit }, scope) {
      for (const condition of [where, ...probes]) checkCondition(condition, { fields, relations });
      const rows = await rowsOf(scope);
      const { found, next } = findInRows(rows, reader.id, matchCondition(where, reader), { after, limit });
      const answers = probes.map((probe) => matchCondition(probe, reader));
      const recipients = found.map(({ row }) => ({
        ...recipientOf(row, options),
        probes: answers.map((matches) => matches(row)),
      }));
      return { recipients, next };
    },
  };
  if (data === undefined) return source;
  return { ...source, data: async (ids, scope) => dataMap(await data(ids, scope), label) };
}

function recipientOf<Row extends object>(
  row: Row,
  options: Pick<ArrayRecipientsOptions<Row>, 'id' | 'name' | 'email' | 'phone' | 'locale' | 'timeZone'>,
): SourceRecipient {
  const text = (column: RowColumn<Row> | undefined) =>
    column === undefined ? undefined : textOf(row, column);
  return {
    id: textOf(row, options.id) ?? '',
    name: text(options.name),
    email: text(options.email),
    phone: text(options.phone),
    locale: text(options.locale),
    timeZone: text(options.timeZone),
  };
}

function textOf<Row extends object>(row: Row, column: RowColumn<Row>): string | undefined {
  return rowText(typeof column === 'function' ? column(row) : row[column]);
}

const columnSchema = z.union(
  [z.string().min(1), functionSchema],
  'must be the name of a column or a function',
);

const declaredFields = fieldsSchema({ column: columnSchema });

const optionsSchema = z.strictObject({
  label: labelSchema,
  rows: z.custom(
    (value) => Array.isArray(value) || typeof value === 'function',
    'must be a list or a function',
  ),
  tenant: columnSchema.optional(),
  id: columnSchema,
  name: columnSchema.optional(),
  email: columnSchema.optional(),
  phone: columnSchema.optional(),
  locale: columnSchema.optional(),
  timeZone: columnSchema.optional(),
  fields: declaredFields.optional(),
  relations: relationsSchema(
    z.strictObject({ label: labelSchema, rows: functionSchema, fields: declaredFields }),
  ).optional(),
  data: functionSchema.optional(),
});
