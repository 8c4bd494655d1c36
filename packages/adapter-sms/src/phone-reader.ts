import type { PhoneReader, PhoneReading } from '@posthorn/core';
import type { CountryCode, NumberType } from 'libphonenumber-js/max';
import { phoneLibrary } from './phone-library.ts';

/** Kinds of numbers that take text messages; many plans do not tell mobile numbers from others. */
const TAKES_TEXTS: ReadonlySet<NumberType> = new Set([
  'MOBILE',
  'FIXED_LINE_OR_MOBILE',
  'VOIP',
  'PERSONAL_NUMBER',
]);
/** Signs that a number may be written with, in any script's digits. */
const LOOKS_LIKE_A_NUMBER = /^[\p{Nd}\p{Zs}().\-/\u2010-\u2015]*$/u;
const DIGITS = /\p{Nd}/gu;

/** Reads numbers by libphonenumber's plans of all countries. */
export function phoneReader(): PhoneReader {
  const { parsePhoneNumberFromString, isSupportedCountry } = phoneLibrary();

  return {
    read(text: string, country: string | null): PhoneReading {
      const home = country !== null && isSupportedCountry(country) ? country : undefined;
      const parsed = parsePhoneNumberFromString(text, {
        // Not text around a number: "call +45 …" is nobody's address.
        extract: false,
        ...(home === undefined ? {} : { defaultCountry: home as CountryCode }),
      });
      if (parsed === undefined) {
        const mayBeLocal = home === undefined && LOOKS_LIKE_A_NUMBER.test(text);
        return { ok: false, problem: mayBeLocal && digitsIn(text) >= 3 ? 'no_country' : 'impossible' };
      }
      // Nothing is sent to an extension.
      if (parsed.ext !== undefined) return { ok: false, problem: 'impossible' };
      const type = parsed.getType();
      if (type === undefined) {
        if (!parsed.isValid()) return { ok: false, problem: 'impossible' };
      } else if (!TAKES_TEXTS.has(type)) return { ok: false, problem: 'landline' };
      return { ok: true, number: parsed.number, country: parsed.country ?? null };
    },
  };
}

function digitsIn(text: string): number {
  return text.match(DIGITS)?.length ?? 0;
}
