/** The locale in its canonical form (BCP 47: `da-DK`), or undefined where it is none. */
export function parseLocale(text: string): string | undefined {
  try {
    return Intl.getCanonicalLocales(text)[0];
  } catch {
    return undefined;
  }
}

/** Hosts have few zones, and looking one up takes a millisecond; what they mistype must not pile up. */
const known = new Map<string, boolean>();
const MAX_KNOWN = 500;

/** The time zone (IANA: `Europe/Copenhagen`) as it was given, or undefined where this Node knows none of that name. */
export function parseTimeZone(text: string): string | undefined {
  let isZone = known.get(text);
  if (isZone === undefined) {
    isZone = isTimeZone(text);
    if (known.size >= MAX_KNOWN) known.clear();
    known.set(text, isZone);
  }
  return isZone ? text : undefined;
}

function isTimeZone(text: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: text });
    return true;
  } catch {
    return false;
  }
}
