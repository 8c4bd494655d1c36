import { quoted } from '../did-you-mean.ts';
import { InputError } from '../errors.ts';
import { type ParsedAddress, refuseAddress } from './parsed-address.ts';

/** E.164, section 6.1: at most 15 digits. The shortest subscriber numbers with a country code have 7. */
const E164 = /^\+[1-9][0-9]{6,14}$/;
/** How people set numbers apart: spaces, hyphens and dashes, dots, slashes, parentheses. */
const SEPARATORS = /[\s\u2010-\u2015\u2212().\-/]/gu;

/**
 * Reads a phone number with its country code: `+45 12 34 56 78`, `0045 12345678`, `+44 (0)20 7946 0958`. Answers E.164:
 * `+4512345678`. A number without country code is refused: guessing one would write to a stranger.
 */
export function parsePhone(given: unknown): ParsedAddress {
  if (typeof given !== 'string') return refuseAddress(given, 'it is not a text');
  if (given.length > 64) return refuseAddress(given, 'it is too long');
  if (/[\r\n]/.test(given)) return refuseAddress(given, 'it holds a line break');
  const digits = given.replace('(0)', '').replace(SEPARATORS, '').replace(/^00/, '+');
  if (digits === '') return refuseAddress(given, 'it is empty');
  if (!/^\+?[0-9]+$/.test(digits)) return refuseAddress(given, 'it holds something else than digits');
  if (!digits.startsWith('+')) return refuseAddress(given, 'it has no country code');
  if (!E164.test(digits)) return refuseAddress(given, 'no country has numbers of that form');
  return { ok: true, address: digits };
}

/**
 * The number as E.164, checked.
 *
 * @throws InputError `invalid_address` with the path.
 */
export function checkPhoneNumber(given: unknown, path: string): string {
  const parsed = parsePhone(given);
  if (parsed.ok) return parsed.address;
  throw new InputError(
    'invalid_address',
    `${quoted(parsed.given)} is not a phone number: ${parsed.reason}.`,
    {
      path,
      advice: 'Give it with its country code: `+4512345678`.',
    },
  );
}
