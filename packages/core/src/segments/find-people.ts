import type { Context, Opened, Scope } from '../context.ts';
import { askableSource, findPage, type RecipientPage } from '../queries/index.ts';
import { askForNamed, brokenSource, type ResolvedRecipient } from '../recipients/index.ts';
import { DistinctPeople } from './distinct-people.ts';
import { type AudienceGroup, personsOf, readAudience } from './read-audience.ts';

/** The most people that a source is asked for at once. */
const PAGE = 500;

interface FindOptions {
  /** No more than so many are looked for. */
  readonly most: number;
  readonly signal: AbortSignal | null;
}

/**
 * Everybody whom a mixed `to` means, each once, in the order in which they are first named; those of a group in their
 * source's order.
 *
 * @throws as `readAudience`; NotFoundError `unknown_recipient`; whatever a source throws.
 */
export async function findPeople(
  context: Context,
  opened: Opened,
  scope: Scope,
  to: unknown,
  options: FindOptions,
): Promise<readonly ResolvedRecipient[]> {
  const audience = await readAudience(context, opened, scope, to);
  const named = personsOf(audience);
  const resolved = new Map((await askForNamed(scope, named)).map((person, index) => [named[index], person]));

  const people = new DistinctPeople();
  const asked = new Set<AudienceGroup>();
  for (const entry of audience) {
    if (entry.kind === 'person') {
      const person = resolved.get(entry.person);
      if (person !== undefined) people.add(person);
    } else if (!asked.has(entry.group)) {
      asked.add(entry.group);
      await addGroup(context, opened, scope, entry.group, people, options);
    }
  }
  return people.list().slice(0, options.most);
}

async function addGroup(
  context: Context,
  opened: Opened,
  scope: Scope,
  group: AudienceGroup,
  people: DistinctPeople,
  { most, signal }: FindOptions,
): Promise<void> {
  const given = new Set<string | undefined>();
  let after: string | null = null;
  while (people.size < most) {
    const limit = Math.min(PAGE, most - people.size);
    const wanted = { after, limit, withData: true, signal: signal ?? undefined };
    const { recipients, next }: RecipientPage = await findPage(context, opened, scope, group, wanted);
    const before = given.size;
    for (const person of recipients) {
      people.add(person);
      given.add(person.recipient?.id);
    }
    if (next === null) return;
    if (recipients.length > 0 && given.size === before) {
      const source = askableSource(context, scope, group.source, 'to.source');
      throw brokenSource(source, '`find` answered a page of people whom it had answered before.');
    }
    after = next;
  }
}
