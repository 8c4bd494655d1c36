import { InputError } from '../errors.ts';
import { numberFormat, type Reader } from './reader.ts';
import { Remembered } from './remembered.ts';
import type { Money } from './tag.ts';

const DECIMAL = /^[+-]?\d{1,100}(?:\.\d{1,100})?$/;
const CURRENCY = /^[A-Z]{3}$/;

/** What `Intl` formats without losing a digit. */
type Numeric = number | bigint | `${number}`;

/** Reads a number or its decimal text (`12.50`, as databases give it); undefined for everything else. */
export function parseNumber(value: unknown): Numeric | undefined {
  if (typeof value === 'number') return Number.isFinite(value) ? value : undefined;
  if (typeof value === 'bigint') return value;
  return isDecimal(value) ? value : undefined;
}

/** Reads an amount with its currency, or a bare amount. Own properties only. */
export function parseMoney(value: unknown): { amount: Numeric; currency: string | undefined } | undefined {
  if (!isMoney(value)) {
    const amount = parseNumber(value);
    return amount === undefined ? undefined : { amount, currency: undefined };
  }
  const amount = parseNumber(value.amount);
  if (amount === undefined || !isCurrency(value.currency)) return undefined;
  return { amount, currency: value.currency };
}

/** Whether it has the shape of an amount in a currency; neither is checked. */
export function isMoney(value: unknown): value is Money {
  return (
    typeof value === 'object' &&
    value !== null &&
    Object.hasOwn(value, 'amount') &&
    Object.hasOwn(value, 'currency')
  );
}

/** ISO 4217's form. */
export function isCurrency(value: unknown): value is string {
  return typeof value === 'string' && CURRENCY.test(value);
}

const numbers = new Remembered((locale: string, style: 'decimal' | 'percent', decimals: number | undefined) =>
  writerOf(locale, { style, ...digits(decimals) }),
);

const amounts = new Remembered((locale: string, currency: string) =>
  writerOf(locale, { style: 'currency', currency }),
);

/** `1.234,5`; with `decimals`, exactly as many, else at most three. */
export function formatNumber(value: unknown, decimals: number | undefined, reader: Reader): string {
  return numbers.write(numberOf(value), reader.locale, 'decimal', decimals);
}

/** `0.25` as `25 %`; without `decimals` it is rounded to whole ones. */
export function formatPercent(value: unknown, decimals: number | undefined, reader: Reader): string {
  return numbers.write(numberOf(value), reader.locale, 'percent', decimals);
}

/** `212,80 kr.`; the value's own currency comes before `currency`. */
export function formatMoney(value: unknown, currency: string | undefined, reader: Reader): string {
  const money = parseMoney(value);
  if (money === undefined) throw noNumber('amount', 'Give { amount, currency }, or a number.');
  const shown = money.currency ?? currency;
  if (shown === undefined) {
    throw new InputError('invalid_tag_value', 'An amount without a currency was given.', {
      advice: 'Give { amount, currency }, or name the currency in the template: {{ price | money: "DKK" }}.',
    });
  }
  return amounts.write(money.amount, reader.locale, shown);
}

function writerOf(locale: string, options: Intl.NumberFormatOptions): (number: Numeric) => string {
  const format = numberFormat(locale, options);
  return (number) => format.format(number);
}

function digits(decimals: number | undefined): Intl.NumberFormatOptions {
  return decimals === undefined ? {} : { minimumFractionDigits: decimals, maximumFractionDigits: decimals };
}

function numberOf(value: unknown): Numeric {
  const number = parseNumber(value);
  if (number === undefined) throw noNumber('number', 'Give a number, or its decimal text like 12.50.');
  return number;
}

/** The value is not quoted: it may be secret. */
function noNumber(what: string, advice: string): InputError {
  return new InputError('invalid_tag_value', `A value that is no ${what} was given as one.`, { advice });
}

function isDecimal(value: unknown): value is `${number}` {
  return typeof value === 'string' && DECIMAL.test(value);
}
