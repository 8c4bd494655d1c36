import { describe, expect, it } from 'vitest';
import type { RecipientSource } from '../ports/index.ts';
import { findPage } from '../queries/index.ts';
import { anna, bo, inAarhus, openHotel, rule } from './hotel.test-kit.ts';
import { resolveAudience } from './index.ts';

async function setUp(others: Readonly<Record<string, RecipientSource>> = {}) {
  const hotel = await openHotel('sol', others);
  const { context, opened, scope, segments } = hotel;
  await segments.save({ key: 'kitchen', source: 'staff', where: rule('department', '=', 'kitchen') });
  await segments.save({ key: 'cooks', source: 'staff', where: rule('role', '=', 'cook') });
  const resolve = (to: unknown) => resolveAudience(context, opened, scope, to);
  /** Who is found when the groups are read to their end, page by page. */
  const found = async (to: unknown) => {
    const people: string[] = [];
    for (const group of (await resolve(to)).groups) {
      let after: string | null = null;
      do {
        const page = { after, limit: 1, withData: false };
        const { recipients, next } = await findPage(context, opened, scope, group, page);
        people.push(...recipients.map(({ recipient }) => `${recipient?.source}/${recipient?.id}`));
        after = next;
      } while (after !== null);
    }
    return people;
  };
  return { ...hotel, resolve, found };
}

describe('an audience that is read a page at a time', () => {
  it('holds nobody twice, however often people are named and whatever groups they are in', async () => {
    const { found, resolve } = await setUp();
    const to = [
      anna,
      { segment: 'cooks' },
      { source: 'customers', where: inAarhus },
      bo,
      anna,
      { segment: 'kitchen' },
      { segment: 'cooks' },
      { source: 'staff', id: 'kim' },
    ];
    expect((await resolve(to)).groups.map(({ source }) => source)).toEqual(['customers', 'staff']);
    expect(await found(to)).toEqual(['customers/1', 'customers/2', 'customers/3', 'staff/kim', 'staff/lis']);
  });

  it('holds bare addresses beside the groups, each once and as first named', async () => {
    const { resolve } = await setUp();
    const to = [
      { email: 'Press@Example.dk', name: 'Press' },
      { segment: 'cooks' },
      { email: 'press@example.dk', name: 'Again' },
      { phone: '+45 12 34 56 78' },
      { phone: '004512345678' },
    ];
    const { bare, groups } = await resolve(to);
    expect(bare).toMatchObject([{ name: 'Press' }, { phone: '+4512345678' }]);
    expect(groups).toHaveLength(1);
  });

  it('is one group, or one person, too', async () => {
    const { found, resolve } = await setUp();
    expect(await found({ segment: 'kitchen' })).toEqual(['staff/kim', 'staff/lis']);
    expect(await found(bo)).toEqual(['customers/2']);
    expect(await resolve({ email: 'a@b.dk' })).toMatchObject({ bare: [{ recipient: null }], groups: [] });
  });

  it('names those who are not there', async () => {
    const { resolve } = await setUp();
    const unknown = { source: 'customers', id: '4' };
    await expect(resolve([{ segment: 'kitchen' }, unknown])).rejects.toMatchObject({
      code: 'unknown_recipient',
      path: 'to[1]',
    });
  });

  it('needs sources that can be asked for pages', async () => {
    const byId: RecipientSource = {
      label: 'By id',
      tenantAware: true,
      byIds: async (ids) => ids.map((id) => ({ id })),
    };
    const { resolve } = await setUp({ guests: byId });
    await expect(resolve([anna, { source: 'guests', id: '1' }])).rejects.toMatchObject({
      name: 'InputError',
      path: 'to[1].source',
    });
  });

  it('is not a list without an end', async () => {
    const { resolve } = await setUp();
    const to = Array.from({ length: 10_001 }, (_, index) => ({ email: `p${index}@example.dk` }));
    await expect(resolve(to)).rejects.toMatchObject({ code: 'invalid_input', path: 'to' });
    expect((await resolve(to.slice(1))).bare).toHaveLength(10_000);
  });
});
