import { type ParsedAddress, type RefusedAddress, refuseAddress } from './parsed-address.ts';

/** E.164, section 6.1: at most 15 digits. The shortest subscriber numbers with a country code have 7. */
const E164 = /^\+[1-9][0-9]{6,14}$/;
/** How people set numbers apart: spaces, hyphens and dashes, dots, slashes, parentheses. */
const SEPARATORS = /[\s\u2010-\u2015\u2212().\-/]/gu;

/** A number's digits, with a `+` before a country code; or what keeps it from being one in any country. */
export type DialledDigits = { readonly ok: true; readonly digits: string } | RefusedAddress;

/**
 * Reads a phone number with its country code: `+45 12 34 56 78`, `0045 12345678`, `+44 (0)20 7946 0958`. Answers E.164:
 * `+4512345678`. A number without country code is refused: guessing one would write to a stranger.
 */
export function parsePhone(given: unknown): ParsedAddress {
  const dialled = digitsOf(given);
  if (!dialled.ok) return dialled;
  const { digits } = dialled;
  if (!digits.startsWith('+')) return refuseAddress(given, NO_COUNTRY);
  return isE164(digits) ? { ok: true, address: digits } : refuseAddress(given, NOWHERE);
}

export const NO_COUNTRY = 'it has no country code';
export const NOWHERE = 'no country has numbers of that form';

/** Whether it has the form of a number with its country code, and nothing else. */
export function isE164(text: string): boolean {
  return E164.test(text);
}

/** What would be dialled: without what sets digits apart, and with `+` for the `00` before a country code. */
export function digitsOf(given: unknown): DialledDigits {
  if (typeof given !== 'string') return refuseAddress(given, 'it is not a text');
  if (given.length > 64) return refuseAddress(given, 'it is too long');
  if (/[\r\n]/.test(given)) return refuseAddress(given, 'it holds a line break');
  // Behind a country code it is what is dialled at home only; elsewhere it is part of the number.
  const abroad = /^\s*(?:\+|00)/.test(given) ? given.replace('(0)', '') : given;
  const digits = abroad.replace(SEPARATORS, '').replace(/^00/, '+');
  if (digits === '') return refuseAddress(given, 'it is empty');
  if (!/^\+?[0-9]+$/.test(digits)) return refuseAddress(given, 'it holds something else than digits');
  return { ok: true, digits };
}
