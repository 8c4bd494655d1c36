import type { Scope } from '../context.ts';
import type { SourceRecipient } from '../ports/index.ts';
import { toDisplayName } from './display-name.ts';
import { parseEmail } from './email-address.ts';
import { parseLocale, parseTimeZone } from './locale.ts';
import type { RecipientRef, ResolvedRecipient } from './recipient.ts';
import { rowText } from './row-text.ts';

/** Reads a row of a source: `data` are its tag values, `path` is where it stood in the input. */
type RowResolver = (
  ref: RecipientRef,
  path: string,
  row: SourceRecipient,
  data: ResolvedRecipient['data'],
) => ResolvedRecipient;

/** Rows name few locales and zones, and checking one takes a while: each is checked once. */
export function createRowResolver(scope: Scope): RowResolver {
  const localeOf = remember((text) => parseLocale(text.trim().replaceAll('_', '-')) ?? scope.locale);
  const timeZoneOf = remember((text) => parseTimeZone(text.trim()) ?? scope.timeZone);
  return (ref, path, row, data) => {
    const email = givenAddress(rowText(row.email));
    return {
      recipient: { source: ref.source, id: ref.id },
      path,
      name: toDisplayName(rowText(row.name)),
      email: email === null ? null : parseEmail(email),
      phone: givenAddress(rowText(row.phone)),
      locale: localeOf(rowText(row.locale) ?? scope.locale),
      timeZone: timeZoneOf(rowText(row.timeZone) ?? scope.timeZone),
      data,
    };
  };
}

/** Spaces around an address are how people type; a blank one is none. */
function givenAddress(text: string | undefined): string | null {
  return text?.replace(/^[ \t]+|[ \t]+$/g, '') || null;
}

function remember(compute: (text: string) => string): (text: string) => string {
  const known = new Map<string, string>();
  return (text) => {
    const answer = known.get(text) ?? compute(text);
    known.set(text, answer);
    return answer;
  };
}
