/** What a tag's value is: how it is checked, and what `data` may hold for it. */
export type TagType = ValueType | 'list';

/** The type of a single value. */
export type ValueType = 'text' | 'number' | 'money' | 'date' | 'datetime' | 'boolean' | 'url';

/** An amount in a currency. Amounts that need every digit are decimal strings: `{ amount: '212.80', currency: 'DKK' }`. */
export interface Money {
  readonly amount: number | string;
  /** ISO 4217: `DKK`. */
  readonly currency: string;
}

/** A merge field as the host declares it. */
export type TagDefinition = ValueTag | ListTag;

interface TagBase {
  /** What people call it: `Fornavn`. */
  readonly label: string;
  /** The heading it stands under where tags are picked: `Kunde`. */
  readonly group?: string | undefined;
  /** Its value is sealed at rest, masked in every view and wiped once the message is done (a password, a login link). */
  readonly sensitive?: boolean | undefined;
}

/** A tag with one value. */
export interface ValueTag extends TagBase {
  /** `text` where nothing is said. */
  readonly type?: ValueType | undefined;
  /** Shown in previews without data. */
  readonly example?: string | number | boolean | Date | Money | undefined;
}

/** A tag with rows, for a `for` loop: the lines of an order. */
export interface ListTag extends TagBase {
  readonly type: 'list';
  /** The fields of each row. */
  readonly of: Readonly<Record<string, ValueType>>;
  readonly example?: readonly Readonly<Record<string, unknown>>[] | undefined;
}

/**
 * Every tag that templates may use, by its dotted name. It is also the type of `data`. Where a host gives none (or an empty
 * one), templates may use any tag and `data` is free. `now` and, in emails of broadcasts, `unsubscribe.url` need no
 * declaration: `<a href="{{ unsubscribe.url }}">`.
 *
 * @example
 * ```ts
 * import type { TagCatalogue } from '@posthorn/core';
 *
 * export const tags = {
 *   'customer.firstName': { label: 'First name', group: 'Customer', example: 'Anna' },
 *   'reservation.startsAt': { label: 'Time', type: 'datetime', example: '2026-11-27T10:00' },
 *   'order.lines': { label: 'Lines', type: 'list', of: { name: 'text', price: 'money' } },
 *   'account.password': { label: 'Password', sensitive: true },
 * } satisfies TagCatalogue;
 * ```
 */
export type TagCatalogue = Readonly<Record<string, TagDefinition>>;
