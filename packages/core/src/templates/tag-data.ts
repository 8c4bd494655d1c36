import { InputError } from '../errors.ts';
import { isMoney, parseMoney, parseNumber } from './format-number.ts';
import { parseMoment } from './moment.ts';
import {
  isOpen,
  type ListTag,
  type Money,
  type TagCatalogue,
  type TagDefinition,
  type ValueType,
} from './tag.ts';

/** What `data` may hold for each type. Numbers and amounts may be decimal text, as databases give them. */
interface ValueByType {
  text: string | number;
  number: number | `${number}`;
  /** A bare amount needs its currency in the template: `{{ price | money: 'DKK' }}`. */
  money: Money | number | `${number}`;
  /** `2026-11-27`, or a point in time. */
  date: string | Date;
  /** `2026-11-27T10:00` is shown as it is; a `Date`, or text with an offset, in the recipient's zone. */
  datetime: string | Date;
  boolean: boolean;
  /** With its scheme: http, https, mailto, tel or sms. */
  url: string;
}

type ValueOf<Tag> = Tag extends { readonly type: 'list'; readonly of: infer Fields }
  ? readonly {
      readonly [Field in keyof Fields]?: ValueByType[Fields[Field] & ValueType] | null | undefined;
    }[]
  : Tag extends { readonly type: infer Type extends ValueType }
    ? ValueByType[Type]
    : ValueByType['text'];

type Head<Name> = Name extends `${infer First}.${string}` ? First : Name;

type Under<Tags, First extends string> = {
  [Name in keyof Tags as Name extends `${First}.${infer Rest}` ? Rest : never]: Tags[Name];
};

/** Tag values by the parts of their dotted names. */
type NestedTagData<Tags> = {
  readonly [First in Head<keyof Tags> & string]?:
    | (First extends keyof Tags ? ValueOf<Tags[First]> : NestedTagData<Under<Tags, First>>)
    | null
    | undefined;
};

/**
 * Tag values, nested as the catalogue's names are. Everything may be left out: an empty tag shows nothing.
 *
 * @example
 * ```ts
 * import type { TagData } from '@posthorn/core';
 *
 * const tags = {
 *   'customer.firstName': { label: 'First name' },
 *   'reservation.startsAt': { label: 'Time', type: 'datetime' },
 * } as const;
 *
 * export const data: TagData<typeof tags> = {
 *   customer: { firstName: 'Anna' },
 *   reservation: { startsAt: '2026-11-27T10:00' },
 * };
 * ```
 */
export type TagData<Tags extends TagCatalogue = TagCatalogue> = string extends keyof Tags
  ? Readonly<Record<string, unknown>>
  : [keyof Tags] extends [never]
    ? Readonly<Record<string, unknown>>
    : NestedTagData<Tags>;

/** Tag data that was checked: own copies, only what the catalogue names. */
export type CheckedData = { readonly [name: string]: unknown };

const SCHEMES: ReadonlySet<string> = new Set(['http:', 'https:', 'mailto:', 'tel:', 'sms:']);

/**
 * Checks tag data against the catalogue's types and answers a copy with nothing but the catalogue's tags, so that a
 * template reaches neither a prototype nor what the host's objects hold beside them. With an open catalogue it is
 * answered as it is.
 *
 * @throws InputError `invalid_tag_value`, with the path of the value.
 */
export function checkData(data: unknown, catalogue: TagCatalogue, path = 'data'): CheckedData {
  if (data === undefined || data === null) return {};
  if (!isObject(data)) throw wrong(path, 'is no object of tag values', 'Nest it as the tags are named.');
  if (isOpen(catalogue)) return data;
  const checked: Record<string, unknown> = {};
  for (const [name, tag] of Object.entries(catalogue)) {
    const value = valueAt(data, name);
    if (value === undefined) refuseValueForGroup(data, name, path);
    else put(checked, name, readTagValue(tag, value, `${path}.${name}`));
  }
  return checked;
}

/** Checks one value. Empty ones (`null`, `''`) fit every type. */
export function readTagValue(tag: TagDefinition, value: unknown, path: string): unknown {
  if (value === null || value === '') return undefined;
  return tag.type === 'list' ? readRows(tag, value, path) : readValue(tag.type ?? 'text', value, path);
}

/** Puts a value where a dotted name says. */
export function put(target: Record<string, unknown>, name: string, value: unknown): void {
  const segments = name.split('.');
  const last = segments.pop() ?? name;
  let place = target;
  for (const segment of segments) {
    const next = Object.hasOwn(place, segment) ? place[segment] : undefined;
    const group = isObject(next) ? next : {};
    place[segment] = group;
    place = group;
  }
  place[last] = value;
}

/** The value at a dotted name; undefined where there is none. Own properties only. */
export function valueAt(data: unknown, name: string): unknown {
  let value = data;
  for (const segment of name.split('.')) {
    if (!isObject(value) || !Object.hasOwn(value, segment)) return undefined;
    value = value[segment];
  }
  return value;
}

/** Throws where a value stands in the place of a group that the name leads through. */
function refuseValueForGroup(data: unknown, name: string, path: string): void {
  const [leaf = ''] = name.split('.').slice(-1);
  const group = name.slice(0, -leaf.length - 1);
  if (group === '') return;
  refuseValueForGroup(data, group, path);
  const value = valueAt(data, group);
  if (value === undefined || value === null || isObject(value)) return;
  throw wrong(`${path}.${group}`, 'is a value where tags are nested', `Give an object with “${leaf}”.`);
}

function readRows(tag: ListTag, value: unknown, path: string): unknown {
  if (!Array.isArray(value)) throw wrong(path, 'is no list', 'Give an array of rows.');
  return value.map((row: unknown, index) => {
    const at = `${path}[${index}]`;
    if (!isObject(row))
      throw wrong(at, 'is no row', `Give an object with ${Object.keys(tag.of).join(', ')}.`);
    const read: Record<string, unknown> = {};
    for (const [field, type] of Object.entries(tag.of)) {
      const cell = Object.hasOwn(row, field) ? row[field] : undefined;
      if (cell === undefined || cell === null || cell === '') continue;
      read[field] = readValue(type, cell, `${at}.${field}`);
    }
    return read;
  });
}

function readValue(type: ValueType, value: unknown, path: string): unknown {
  const read = READERS[type](value);
  if (read === undefined) throw wrong(path, `does not fit its type ${type}`, EXPECTED[type]);
  return read;
}

const READERS: Readonly<Record<ValueType, (value: unknown) => unknown>> = {
  text: (value) => {
    if (typeof value === 'bigint') return String(value);
    return typeof value === 'string' || Number.isFinite(value) ? value : undefined;
  },
  number: parseNumber,
  money: (value) => (parseMoney(value) === undefined ? undefined : isMoney(value) ? copyOf(value) : value),
  date: (value) => (parseMoment(value) === undefined ? undefined : value),
  datetime: (value) => {
    const kind = parseMoment(value)?.kind;
    return kind === undefined || kind === 'day' ? undefined : value;
  },
  boolean: (value) => (typeof value === 'boolean' ? value : undefined),
  url: (value) => (typeof value === 'string' && isWebAddress(value) ? value : undefined),
};

const EXPECTED: Readonly<Record<ValueType, string>> = {
  text: 'Give text or a number.',
  number: 'Give a number, or its decimal text like 12.50.',
  money: 'Give { amount, currency } with three capital letters (DKK), or a bare amount.',
  date: 'Give a Date, or text like 2026-11-27.',
  datetime: 'Give a Date, or text like 2026-11-27T10:00 (shown as it is) or 2026-11-27T10:00:00+01:00.',
  boolean: 'Give true or false.',
  url: 'Give a whole address that begins with https://, http://, mailto:, tel: or sms:.',
};

function copyOf({ amount, currency }: Money): Money {
  return { amount, currency };
}

function isWebAddress(text: string): boolean {
  return URL.canParse(text) && SCHEMES.has(new URL(text).protocol);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date);
}

/** The value is not quoted: it may be secret. */
function wrong(path: string, what: string, advice: string): InputError {
  return new InputError('invalid_tag_value', `${path} ${what}.`, { path, advice });
}
