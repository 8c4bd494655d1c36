import { z } from 'zod';
import { checkInput, lookupSchema } from '../check-input.ts';
import type { Context, Opened, Scope } from '../context.ts';
import { didYouMean, quoted } from '../did-you-mean.ts';
import { InputError, NotFoundError } from '../errors.ts';
import { askableSource, type CheckedQuery, checkQuery } from '../queries/index.ts';
import { entriesOf, isGroup, type NamedRecipient, readRecipient } from '../recipients/index.ts';

/** Those of a source who fulfil a query. */
export interface AudienceGroup {
  readonly source: string;
  readonly query: CheckedQuery;
}

/** What one entry of a `to` names. */
export type AudienceEntry =
  | { readonly kind: 'person'; readonly person: NamedRecipient }
  | { readonly kind: 'group'; readonly group: AudienceGroup };

/** Persons of a `to`, in its order. */
export function personsOf(audience: readonly AudienceEntry[]): readonly NamedRecipient[] {
  return audience.flatMap((entry) => (entry.kind === 'person' ? [entry.person] : []));
}

/** Groups of a `to`, each once. */
export function groupsOf(audience: readonly AudienceEntry[]): readonly AudienceGroup[] {
  return [...new Set(audience.flatMap((entry) => (entry.kind === 'group' ? [entry.group] : [])))];
}

const segmentSchema = z.strictObject({ segment: lookupSchema });
const querySchema = z.strictObject({ source: z.string(), where: z.unknown() });

/**
 * What a mixed `to` names, in its order, each form checked; nobody is asked for yet. A segment that is named twice is
 * one group. `now` is what `today` in a query means.
 *
 * @throws InputError `invalid_input`, `invalid_address`, `header_injection`, `invalid_query` with the path.
 * @throws NotFoundError `unknown_source`, `unknown_segment`.
 * @throws ConfigurationError `tenant_wall`.
 */
export async function readAudience(
  context: Context,
  opened: Opened,
  scope: Scope,
  to: unknown,
  now: number = context.clock.now(),
): Promise<readonly AudienceEntry[]> {
  const segments = new Map<string, AudienceGroup>();

  const groupOf = (source: string, where: unknown, path: string): AudienceGroup => {
    const asked = askableSource(context, scope, source, `${path}.source`);
    const options = { path: `${path}.where`, timeZone: scope.timeZone, now };
    return { source, query: checkQuery(asked, source, where, options) };
  };
  const segmentOf = async (value: unknown, path: string): Promise<AudienceGroup> => {
    const { segment: key } = checkInput(segmentSchema, value, 'recipient', path);
    const known = segments.get(key);
    if (known !== undefined) return known;
    const at = `${path}.segment`;
    const record = await opened.store.segments.get(scope.tenant, key);
    if (record === undefined) throw await unknownSegment(opened, scope, key, at);
    try {
      const group = groupOf(record.source, record.query, at);
      segments.set(key, group);
      return group;
    } catch (error) {
      throw error instanceof InputError ? unfit(key, error) : error;
    }
  };

  const audience: AudienceEntry[] = [];
  for (const { value, path } of entriesOf(to)) {
    if (!isGroup(value)) {
      audience.push({ kind: 'person', person: await readRecipient(context, scope, value, path) });
    } else if ('segment' in value) {
      audience.push({ kind: 'group', group: await segmentOf(value, path) });
    } else {
      const { source, where } = checkInput(querySchema, value, 'recipient', path);
      audience.push({ kind: 'group', group: groupOf(source, where, path) });
    }
  }
  return audience;
}

async function unknownSegment({ store }: Opened, { tenant }: Scope, key: string, path: string) {
  const known = (await store.segments.list(tenant)).map((segment) => segment.key);
  return new NotFoundError('unknown_segment', `There is no segment ${quoted(key)}.`, {
    path,
    advice: didYouMean(key, known),
  });
}

/** A query that was right when it was saved: its source has changed since. */
function unfit(key: string, cause: InputError): InputError {
  const message = `The segment ${quoted(key)} does not fit its source any more: ${cause.message}`;
  return new InputError(cause.code, message, {
    path: cause.path,
    advice: 'Save it again with a query that fits.',
    issues: cause.issues,
    cause,
  });
}
