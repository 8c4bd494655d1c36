import type { Channel, CompiledSkeleton } from '../ports/index.ts';
import type { PinnedSnippet, SnippetPart } from './template.ts';

/** The skeleton of a channel in the language that comes nearest: `da-DK`, else `da`, else the tenant's, else any. */
export function pickSkeleton(
  compiled: readonly CompiledSkeleton[],
  channel: Channel,
  locale: string,
  tenantLocale: string,
): CompiledSkeleton | undefined {
  const ofChannel = compiled.filter(({ skeleton }) => skeleton.channel === channel);
  const picked = pickLocale(
    ofChannel.map(({ skeleton }) => skeleton.locale),
    [locale, tenantLocale],
  );
  return ofChannel.find(({ skeleton }) => skeleton.locale === picked);
}

/** The first of these locales that there is, itself or by its language; else any. */
export function pickLocale(available: readonly string[], wanted: readonly string[]): string | undefined {
  for (const locale of wanted) {
    const found =
      available.find((each) => each.toLowerCase() === locale.toLowerCase()) ??
      available.find((each) => each.toLowerCase() === languageOf(locale)) ??
      available.find((each) => languageOf(each) === languageOf(locale));
    if (found !== undefined) return found;
  }
  return available[0];
}

/** A snippet in the language that comes nearest, else in the one it was written in. */
export function pickSnippet({ locale, locales }: PinnedSnippet, wanted: string): SnippetPart {
  const picked = pickLocale(Object.keys(locales), [wanted, locale]);
  return (picked === undefined ? undefined : locales[picked]) ?? {};
}

function languageOf(locale: string): string {
  return locale.toLowerCase().replace(/[-_].*$/, '');
}
