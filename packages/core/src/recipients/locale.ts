/** The locale in its canonical form (BCP 47: `da-DK`), or undefined where it is none. */
export function parseLocale(text: string): string | undefined {
  try {
    return Intl.getCanonicalLocales(text)[0];
  } catch {
    return undefined;
  }
}

/** The time zone (IANA: `Europe/Copenhagen`) as it was given, or undefined where this Node knows none of that name. */
export function parseTimeZone(text: string): string | undefined {
  try {
    new Intl.DateTimeFormat('en', { timeZone: text });
    return text;
  } catch {
    return undefined;
  }
}
