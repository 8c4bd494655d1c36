import { describe, expect, it } from 'vitest';
import { arrayRecipients } from '../sources/index.ts';
import { findPeople } from './find-people.ts';
import { inAarhus, openHotel, rule } from './hotel.test-kit.ts';
import { createSegments, type SegmentInput } from './index.ts';

const REGULARS: SegmentInput = {
  key: 'regulars',
  label: 'Regulars',
  source: 'customers',
  where: rule('visits', '>=', 10),
};

describe('a segment', () => {
  it('is saved under a name, and is there again', async () => {
    const { segments, context } = await openHotel();
    const saved = await segments.save(REGULARS);
    const now = new Date(context.clock.now());
    expect(saved).toEqual({ ...REGULARS, createdAt: now, updatedAt: now });
    expect(await segments.get('regulars')).toEqual(saved);
    expect(await segments.get('others')).toBeNull();
  });

  it('is replaced as a whole when it is saved again, and keeps the day it was made', async () => {
    const { segments, context } = await openHotel();
    const { createdAt } = await segments.save(REGULARS);
    context.clock.advance(1000);
    const again = await segments.save({ key: 'regulars', source: 'customers', where: inAarhus });
    expect(again).toMatchObject({ label: null, where: inAarhus, createdAt });
    expect(again.updatedAt.getTime()).toBe(createdAt.getTime() + 1000);
    expect(await segments.list()).toEqual([again]);
  });

  it('is listed by key, and gone once it is removed', async () => {
    const { segments } = await openHotel();
    for (const key of ['regulars', 'aarhus', 'Odense']) await segments.save({ ...REGULARS, key });
    expect((await segments.list()).map(({ key }) => key)).toEqual(['Odense', 'aarhus', 'regulars']);
    expect(await segments.remove('aarhus')).toBe(true);
    expect(await segments.remove('aarhus')).toBe(false);
    expect((await segments.list()).map(({ key }) => key)).toEqual(['Odense', 'regulars']);
  });

  it('is the company’s own', async () => {
    const { segments, context } = await openHotel('sol');
    await segments.save(REGULARS);
    const luna = createSegments(context, { ...(await openHotel('luna')).scope });
    expect(await luna.get('regulars')).toBeNull();
    expect(await luna.list()).toEqual([]);
    expect(await luna.remove('regulars')).toBe(false);
    await luna.save({ ...REGULARS, label: 'Theirs' });
    expect(await segments.get('regulars')).toMatchObject({ label: 'Regulars' });
  });

  it('stays what it was saved as when the host changes its object afterwards', async () => {
    const { segments } = await openHotel();
    const where = rule('city', '=', 'Aarhus');
    await segments.save({ ...REGULARS, where });
    where.rules.push({ field: 'city', operator: '=', value: 'Odense' });
    expect(await segments.get('regulars')).toMatchObject({ where: { rules: [{ value: 'Aarhus' }] } });
  });
});

describe('saving refuses', () => {
  it.each<[string, object, { code: string; path?: string }]>([
    [
      'a field that the source has not',
      { where: rule('town', '=', 'x') },
      { code: 'invalid_query', path: 'where.rules[0].field' },
    ],
    [
      'a value that does not fit',
      { where: rule('visits', '>', 'many') },
      { code: 'invalid_query', path: 'where.rules[0].value' },
    ],
    ['no query', { where: undefined }, { code: 'invalid_query', path: 'where' }],
    ['a source that is not there', { source: 'guests' }, { code: 'unknown_source', path: 'source' }],
    ['a source of everybody’s', { source: '__proto__' }, { code: 'unknown_source', path: 'source' }],
    ['a key that is no name', { key: '../regulars' }, { code: 'invalid_input', path: 'key' }],
    ['a field that it does not know', { wehre: inAarhus }, { code: 'invalid_input' }],
    ['a label without an end', { label: 'x'.repeat(1_000_000) }, { code: 'invalid_input', path: 'label' }],
    ['what JSON cannot say', { where: { ...inAarhus, id: 1n } }, { code: 'invalid_query', path: 'where' }],
    [
      'what JSON leaves out',
      { where: { ...inAarhus, toJSON: () => undefined } },
      { code: 'invalid_query', path: 'where' },
    ],
    [
      'what is another thing as JSON',
      { where: { ...inAarhus, toJSON: () => 'all' } },
      { code: 'invalid_query', path: 'where' },
    ],
    [
      'a megabyte',
      { where: { ...inAarhus, id: 'x'.repeat(1_000_001) } },
      { code: 'invalid_query', path: 'where' },
    ],
  ])('%s', async (_, wrong, expected) => {
    const { segments } = await openHotel();
    await expect(segments.save({ ...REGULARS, ...wrong })).rejects.toMatchObject(expected);
    expect(await segments.list()).toEqual([]);
  });

  it('a segment without a query', async () => {
    const { segments } = await openHotel();
    const saved = segments.save({ key: 'new', source: 'customers' } as never);
    await expect(saved).rejects.toMatchObject({ code: 'invalid_query', path: 'where' });
  });

  it('another segment within its query, in words', async () => {
    const { segments } = await openHotel();
    await segments.save(REGULARS);
    const where = {
      combinator: 'and',
      rules: [{ field: 'city', operator: '=', value: 'x' }, { segment: 'regulars' }],
    };
    await expect(segments.save({ ...REGULARS, key: 'more', where: where as never })).rejects.toMatchObject({
      code: 'invalid_query',
      path: 'where.rules[1]',
      message: expect.stringContaining('segment'),
    });
  });

  it('a source that cannot tell tenants apart, under a tenant', async () => {
    const guests = arrayRecipients({ label: 'Guests', rows: [{ id: 1 }], id: 'id' });
    const { segments } = await openHotel('sol', { guests });
    const input = { key: 'all', source: 'guests', where: { combinator: 'and', rules: [] } };
    await expect(segments.save(input)).rejects.toMatchObject({ code: 'tenant_wall', path: 'source' });
    const own = await openHotel('default', { guests });
    expect(await own.segments.save(input)).toMatchObject({ key: 'all' });
  });
});

it('a segment whose field was taken away is still listed, and says so when it is used', async () => {
  const before = await openHotel();
  await before.segments.save(REGULARS);
  const bare = arrayRecipients({ label: 'Customers', rows: [], tenant: 'company', id: 'id', fields: {} });
  const after = await openHotel('sol', { customers: bare });
  for (const [id, row] of before.context.rows.segments) after.context.rows.segments.set(id, row);
  expect(await after.segments.list()).toMatchObject([{ key: 'regulars' }]);
  const to = [{ email: 'a@b.dk' }, { segment: 'regulars' }];
  const used = findPeople(after.context, after.opened, after.scope, to, { most: 10, signal: null });
  await expect(used).rejects.toMatchObject({
    code: 'invalid_query',
    path: 'to[1].segment.where.rules[0].field',
    message: expect.stringContaining('"regulars"'),
  });
});
