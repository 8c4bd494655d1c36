import type { FieldType } from '../ports/index.ts';
import { rowText } from '../recipients/index.ts';

/**
 * What a row in memory says of a field, in the form in which tests compare it: a text, a number, true or false, a day
 * `2026-11-27`, or ms since the epoch. Undefined where it cannot be read as one: it fulfils no test then, and is still
 * a value.
 */
export function fieldValue(type: FieldType, raw: unknown): string | number | boolean | undefined {
  return READERS[type](raw);
}

const READERS: Readonly<Record<FieldType, (raw: unknown) => string | number | boolean | undefined>> = {
  text: rowText,
  number: readNumber,
  boolean: readBoolean,
  date: readDay,
  datetime: readMoment,
};

/** Databases give decimals as texts: `12.50`. */
function readNumber(raw: unknown): number | undefined {
  const isNumber = typeof raw === 'number' || typeof raw === 'bigint' || isDecimal(raw);
  const number = isNumber ? Number(raw) : Number.NaN;
  return Number.isNaN(number) ? undefined : number;
}

function isDecimal(raw: unknown): boolean {
  return typeof raw === 'string' && /^-?\d+(?:\.\d+)?$/.test(raw);
}

/** Databases without a boolean type give 1 and 0. */
function readBoolean(raw: unknown): boolean | undefined {
  if (typeof raw === 'boolean') return raw;
  if (raw === 1 || raw === 1n) return true;
  return raw === 0 || raw === 0n ? false : undefined;
}

/** The first ten characters of a text; of a Date, its day in UTC. */
function readDay(raw: unknown): string | undefined {
  const text = raw instanceof Date ? isoText(raw) : raw;
  return typeof text === 'string' ? /^\d{4}-\d\d-\d\d/.exec(text)?.[0] : undefined;
}

function isoText(date: Date): string | undefined {
  return Number.isNaN(date.getTime()) ? undefined : date.toISOString();
}

const MOMENT =
  /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d)(?::(\d\d)(?:\.(\d+))?)?\s*(?:(Z)|([+-]\d\d)(?::?(\d\d))?)?)?$/i;

/** A Date, ms since the epoch, or ISO 8601 text; of what is smaller than a ms nothing is kept. Without an offset: UTC. */
function readMoment(raw: unknown): number | undefined {
  if (typeof raw === 'number' || typeof raw === 'bigint') return readNumber(raw);
  const ms = raw instanceof Date ? raw.getTime() : typeof raw === 'string' ? momentOf(raw) : Number.NaN;
  return Number.isNaN(ms) ? undefined : ms;
}

function momentOf(text: string): number {
  const parts = MOMENT.exec(text);
  if (parts === null) return Number.NaN;
  const [, day, clock = '00:00', second = '00', fraction = '', , hours = '+00', minutes = '00'] = parts;
  const ms = fraction.slice(0, 3).padEnd(3, '0');
  return Date.parse(`${day}T${clock}:${second}.${ms}${hours}:${minutes}`);
}
