import type { Context, Opened, Scope } from '../context.ts';
import { quoted } from '../did-you-mean.ts';
import { ConfigurationError } from '../errors.ts';
import type { ResolvedRecipient } from '../recipients/index.ts';
import type { Audience } from '../segments/index.ts';
import { askGroup } from './ask-group.ts';

/** How far an audience has been read: its bare addresses come first, then group by group. Plain JSON. */
export interface AudiencePlace {
  /** Bare addresses that were read. */
  readonly bare: number;
  /** Groups that were read to their end. */
  readonly groups: number;
  /** Where the present group goes on. */
  readonly after: string | null;
  /** People who were read in groups. */
  readonly read: number;
}

export const BEGINNING: AudiencePlace = { bare: 0, groups: 0, after: null, read: 0 };

/** More people than this are a source without an end. */
export const MAX_READ = 2_000_000;

export interface AudiencePage {
  /** May be none, even where more follow. */
  readonly recipients: readonly ResolvedRecipient[];
  /** Null at the end. */
  readonly next: AudiencePlace | null;
}

/**
 * A page of an audience, in bounded memory however many they are.
 *
 * @throws ConfigurationError `invalid_input` where there is no end to them; as `askGroup`.
 */
export async function audiencePage(
  context: Context,
  opened: Opened,
  scope: Scope,
  audience: Audience,
  place: AudiencePlace,
  { limit, signal }: { readonly limit: number; readonly signal: AbortSignal },
): Promise<AudiencePage> {
  if (place.bare < audience.bare.length) {
    const recipients = audience.bare.slice(place.bare, place.bare + limit);
    return { recipients, next: endOr(audience, { ...place, bare: place.bare + recipients.length }) };
  }
  const group = audience.groups[place.groups];
  if (group === undefined) return { recipients: [], next: null };
  if (place.read >= MAX_READ) throw endless(group.source);
  const page = await askGroup(context, opened, scope, group, { after: place.after, limit, signal });
  // A page on which nobody is meant counts as a whole one: pages without anybody have to end as well.
  const read = place.read + (page.recipients.length || limit);
  const groups = place.groups + (page.next === null ? 1 : 0);
  const next = { ...place, groups, after: page.next, read };
  return { recipients: page.recipients, next: endOr(audience, next) };
}

function endOr(audience: Audience, place: AudiencePlace): AudiencePlace | null {
  const isEnd = place.bare >= audience.bare.length && place.groups >= audience.groups.length;
  return isEnd ? null : place;
}

function endless(source: string): ConfigurationError {
  return new ConfigurationError(
    'invalid_input',
    `More than ${MAX_READ.toLocaleString('en')} recipients of ${quoted(source)} were read, and there was no end.`,
    { path: 'to', advice: 'See to it that the source ends, or write to fewer people at once.' },
  );
}
