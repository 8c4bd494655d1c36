/** Languages that are spoken mainly in one country: whoever has one of them writes numbers as that country does. */
const AT_HOME: ReadonlySet<string> = new Set([
  ...['da', 'fo', 'kl', 'nb', 'nn', 'no', 'sv', 'fi', 'is', 'et', 'lv', 'lt', 'pl', 'cs', 'sk', 'sl', 'hr'],
  ...['hu', 'bg', 'el', 'tr', 'uk', 'he', 'ja', 'ko', 'th', 'vi'],
]);

/** The country as ISO 3166-1 has it (`DK`), or undefined where there is none of that code. */
export function parseCountry(text: string): string | undefined {
  if (!/^[A-Za-z]{2}$/.test(text)) return undefined;
  // `UK` is what many people write for `GB`.
  const { region } = new Intl.Locale(`und-${text}`);
  const isKnown = new Intl.DisplayNames('en', { type: 'region', fallback: 'none' }).of(region ?? '');
  return region === 'ZZ' || isKnown === undefined ? undefined : region;
}

/** The country that a locale speaks of: its region, or the one in which nearly all of its language is spoken. */
export function countryOf(locale: string): string | null {
  const { language, region } = new Intl.Locale(locale);
  if (region !== undefined) return /^[A-Z]{2}$/.test(region) ? region : null;
  return AT_HOME.has(language) ? (new Intl.Locale(language).maximize().region ?? null) : null;
}
