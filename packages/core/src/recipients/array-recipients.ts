import { z } from 'zod';
import { checkInput } from '../check-input.ts';
import type { RecipientSource, SourceRecipient, SourceScope } from '../ports/index.ts';
import { rowText } from './row-text.ts';

/** Where a value stands in a row: a column's name, or a function of the row. */
export type RowColumn<Row> = (keyof Row & string) | ((row: Row) => unknown);

/** Tag values by recipient id. */
export type RecipientData =
  | ReadonlyMap<string, Readonly<Record<string, unknown>>>
  | Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/** How an array of rows becomes a recipient source. */
export interface ArrayRecipientsOptions<Row extends object> {
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
  /** Tag values for these recipients (at most 500 at a time), by id. */
  readonly data?:
    | ((ids: readonly string[], scope: SourceScope) => RecipientData | Promise<RecipientData>)
    | undefined;
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
 * const customers = [{ no: 17, name: 'Anna', mail: 'anna@example.dk' }];
 * export const source = arrayRecipients({ label: 'Customers', rows: customers, id: 'no', name: 'name', email: 'mail' });
 * ```
 */
export function arrayRecipients<Row extends object>(options: ArrayRecipientsOptions<Row>): RecipientSource {
  checkInput(optionsSchema, options, 'options of arrayRecipients');
  const { data, tenant } = options;
  const source: RecipientSource = {
    label: options.label,
    tenantAware: tenant !== undefined,
    async byIds(ids, scope) {
      const wanted = new Set(ids);
      const rows = typeof options.rows === 'function' ? await options.rows() : options.rows;
      return rows
        .filter((row) => wanted.has(textOf(row, options.id) ?? ''))
        .filter((row) => !scope.scoped || (tenant !== undefined && textOf(row, tenant) === scope.tenant))
        .map((row) => recipientOf(row, options));
    },
  };
  if (data === undefined) return source;
  return { ...source, data: async (ids, scope) => mapOf(await data(ids, scope)) };
}

function recipientOf<Row extends object>(row: Row, options: ArrayRecipientsOptions<Row>): SourceRecipient {
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

function mapOf(data: RecipientData): ReadonlyMap<string, Readonly<Record<string, unknown>>> {
  return data instanceof Map ? data : new Map(Object.entries(data ?? {}));
}

const functionSchema = z.custom((value) => typeof value === 'function', 'must be a function');
const columnSchema = z.union(
  [z.string().min(1), functionSchema],
  'must be the name of a column or a function',
);

const optionsSchema = z.strictObject({
  label: z.string().min(1),
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
  data: functionSchema.optional(),
});
