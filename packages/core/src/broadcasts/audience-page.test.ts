import { expect, it } from 'vitest';
import type { Context, Opened } from '../context.ts';
import type { RecipientSource } from '../ports/index.ts';
import { everybody } from '../queries/index.ts';
import { systemClock } from '../system-clock.ts';
import { type AudiencePlace, audiencePage, BEGINNING, MAX_READ } from './audience-page.ts';

const scope = { tenant: 'default', scoped: false, locale: 'en', timeZone: 'UTC', country: null };
const audience = { bare: [], groups: [{ source: 'members', query: everybody }] };

/** Reads a page of a source that always has some more people, or none. */
function read(place: AudiencePlace, people: readonly string[]) {
  const source: RecipientSource = {
    label: 'Members',
    tenantAware: false,
    byIds: async () => [],
    find: async ({ after }) => ({ recipients: people.map((id) => ({ id })), next: `${after} and on` }),
  };
  const context = { clock: systemClock, sources: new Map([['members', source]]) };
  const page = { limit: 250, signal: new AbortController().signal };
  return audiencePage(context as unknown as Context, {} as Opened, scope, audience, place, page);
}

it('people are counted as they are read, and a page without anybody as a whole one', async () => {
  const first = await read(BEGINNING, ['1', '2', '3']);
  expect(first.next).toEqual({ bare: 0, groups: 0, after: 'null and on', read: 3 });
  const second = await read(first.next ?? BEGINNING, []);
  expect(second.next).toMatchObject({ read: 253 });
});

it('a source without an end is given up after two million people', async () => {
  expect((await read({ ...BEGINNING, read: MAX_READ - 1 }, ['1', '2'])).recipients).toHaveLength(2);
  await expect(read({ ...BEGINNING, read: MAX_READ }, ['1'])).rejects.toMatchObject({
    name: 'ConfigurationError',
    code: 'invalid_input',
    message: expect.stringContaining('2,000,000'),
  });
});
