import { phoneLibrary } from './phone-library.ts';

/** Calling codes have one to three digits, and none begins another. */
const LONGEST_CODE = 3;

let countries: ReadonlyMap<string, readonly string[]> | undefined;

/** The country (ISO 3166-1) of a number in E.164; null where it is no country's, or nobody knows which. */
export function countryOfNumber(number: string): string | null {
  countries ??= countriesByCode();
  for (let length = 1; length <= LONGEST_CODE; length += 1) {
    const found = countries.get(number.slice(1, 1 + length));
    // Most codes are of one country, and nothing else of the number needs to be read.
    if (found?.length === 1) return found[0] ?? null;
    if (found !== undefined) return phoneLibrary().parsePhoneNumberFromString(number)?.country ?? null;
  }
  return null;
}

function countriesByCode(): ReadonlyMap<string, readonly string[]> {
  const { getCountries, getCountryCallingCode } = phoneLibrary();
  const byCode = new Map<string, string[]>();
  for (const country of getCountries()) {
    const code = getCountryCallingCode(country);
    byCode.set(code, [...(byCode.get(code) ?? []), country]);
  }
  return byCode;
}
