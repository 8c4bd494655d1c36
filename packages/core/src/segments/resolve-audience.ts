import { inputErrorOf } from '../check-input.ts';
import type { Context, Opened, Scope } from '../context.ts';
import { anyOf, askableSource, type CheckedQuery, idsQuery } from '../queries/index.ts';
import { askForNamed, type NamedRecipient, type ResolvedRecipient } from '../recipients/index.ts';
import { DistinctPeople } from './distinct-people.ts';
import {
  type AudienceEntry,
  type AudienceGroup,
  groupsOf,
  personsOf,
  readAudience,
} from './read-audience.ts';

/** Who is meant by a mixed `to`, without having looked for them. */
export interface Audience {
  /** Bare addresses, each once. */
  readonly bare: readonly ResolvedRecipient[];
  /** One for each source, of everybody there who is named or in a group: nobody is found twice. */
  readonly groups: readonly AudienceGroup[];
}

/** All of them are in memory at once; more people are a group. */
const MAX_ENTRIES = 10_000;

/**
 * Whom a mixed `to` means, for those who read people a page at a time.
 *
 * @throws as `readAudience`; NotFoundError `unknown_recipient`; InputError `invalid_input` for a person of a source that
 * cannot be asked for pages.
 */
export async function resolveAudience(
  context: Context,
  opened: Opened,
  scope: Scope,
  to: unknown,
): Promise<Audience> {
  return audienceOf(scope, await readSome(context, opened, scope, to, context.clock.now()), 'must_exist');
}

/**
 * The same once more, later, as it was meant at `plannedAt`: `today` still is that day, and who has left since is nobody.
 *
 * @throws as `readAudience`.
 */
export async function recallAudience(
  context: Context,
  opened: Opened,
  scope: Scope,
  to: unknown,
  plannedAt: number,
): Promise<Audience> {
  return audienceOf(scope, await readSome(context, opened, scope, to, plannedAt), 'may_have_left');
}

async function readSome(
  context: Context,
  opened: Opened,
  scope: Scope,
  to: unknown,
  now: number,
): Promise<readonly AudienceEntry[]> {
  if (Array.isArray(to) && to.length > MAX_ENTRIES) {
    const message = `names more than ${MAX_ENTRIES} at once: put them into a source, and name a group of it`;
    throw inputErrorOf('recipient', [{ path: 'to', message }]);
  }
  const audience = await readAudience(context, opened, scope, to, now);
  for (const entry of personsOf(audience)) {
    if ('ref' in entry) askableSource(context, scope, entry.ref.source, `${entry.path}.source`);
  }
  return audience;
}

async function audienceOf(
  scope: Scope,
  audience: readonly AudienceEntry[],
  named: 'must_exist' | 'may_have_left',
): Promise<Audience> {
  const persons = personsOf(audience);
  const refs = persons.filter((entry) => 'ref' in entry);
  const bare = new DistinctPeople();
  const asked = named === 'must_exist' ? persons : persons.filter((entry) => !('ref' in entry));
  for (const person of await askForNamed(scope, asked)) if (person.recipient === null) bare.add(person);

  const queries = new Map<string, CheckedQuery[]>();
  const add = ({ source, query }: AudienceGroup) =>
    queries.set(source, [...(queries.get(source) ?? []), query]);
  for (const [source, ids] of idsBySource(refs)) add({ source, query: idsQuery([...ids]) });
  groupsOf(audience).forEach(add);
  return {
    bare: bare.list(),
    groups: [...queries].map(([source, of]) => ({ source, query: anyOf(of) })),
  };
}

function idsBySource(
  refs: readonly Extract<NamedRecipient, { readonly ref: unknown }>[],
): ReadonlyMap<string, ReadonlySet<string>> {
  const ids = new Map<string, Set<string>>();
  for (const { ref } of refs) {
    const known = ids.get(ref.source) ?? new Set();
    ids.set(ref.source, known.add(ref.id));
  }
  return ids;
}
