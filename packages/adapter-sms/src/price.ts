import type { MessageCost } from '@posthorn/core';
import { countryOfNumber } from './country-of-number.ts';
import type { TwilioSettings } from './settings.ts';

type Price = NonNullable<TwilioSettings['price']>;

/** What so many segments to a number cost; null where the settings name no price for its country. */
export function priceOf(price: Price, to: string, segments: number): MessageCost['price'] {
  const amount = amountOf(price.amount, to);
  return amount === undefined ? null : { amount: multiply(amount, segments), currency: price.currency };
}

function amountOf(amount: Price['amount'], to: string): string | undefined {
  if (typeof amount === 'string') return amount;
  const country = countryOfNumber(to) ?? 'default';
  return (Object.hasOwn(amount, country) ? amount[country] : undefined) ?? amount.default;
}

/** A decimal, exactly, with the decimals it has: `0.35` by two is `0.70`. */
function multiply(amount: string, factor: number): string {
  const [whole = '', fraction = ''] = amount.split('.');
  const digits = String(BigInt(whole + fraction) * BigInt(factor)).padStart(fraction.length + 1, '0');
  if (fraction === '') return digits;
  return `${digits.slice(0, -fraction.length)}.${digits.slice(-fraction.length)}`;
}
