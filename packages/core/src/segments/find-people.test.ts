import { describe, expect, it } from 'vitest';
import type { RecipientSource } from '../ports/index.ts';
import { anna, bo, inAarhus, openHotel, rule } from './hotel.test-kit.ts';
import { findPeople } from './index.ts';

async function setUp(others: Readonly<Record<string, RecipientSource>> = {}) {
  const hotel = await openHotel('sol', others);
  const { context, opened, scope, segments } = hotel;
  await segments.save({ key: 'regulars', source: 'customers', where: rule('visits', '>=', 10) });
  await segments.save({ key: 'kitchen', source: 'staff', where: rule('department', '=', 'kitchen') });
  const find = (to: unknown, most = 1000, signal: AbortSignal | null = null) =>
    findPeople(context, opened, scope, to, { most, signal });
  const names = async (to: unknown, most?: number) =>
    (await find(to, most)).map(
      (one) => one.recipient?.id ?? (one.email?.ok === true ? one.email.address : '?'),
    );
  return { ...hotel, find, names };
}

describe('whom a `to` means', () => {
  it('is everybody of a segment, with what a message needs to know', async () => {
    const { find } = await setUp();
    expect(await find({ segment: 'regulars' })).toMatchObject([
      {
        recipient: { source: 'customers', id: '1' },
        name: 'Anna',
        email: { ok: true, address: 'anna@example.dk' },
        locale: 'da',
        timeZone: 'Europe/Copenhagen',
        data: { customer: { number: '1' } },
      },
    ]);
  });

  it('is everybody who fulfils a query, in the order of the source', async () => {
    const { names } = await setUp();
    expect(await names({ source: 'customers', where: inAarhus })).toEqual(['1', '3']);
  });

  it('is a department, which is a segment of the staff', async () => {
    const { names } = await setUp();
    expect(await names({ segment: 'kitchen' })).toEqual(['kim', 'lis']);
  });

  it('is each once, where first named, of people, groups and segments mixed', async () => {
    const { names } = await setUp();
    const to = [
      { email: 'Press@Example.dk' },
      bo,
      { source: 'customers', where: inAarhus },
      { segment: 'kitchen' },
      anna,
      { segment: 'regulars' },
      { email: 'press@example.dk' },
      { source: 'staff', id: 'mia' },
      { segment: 'kitchen' },
    ];
    expect(await names(to)).toEqual(['Press@Example.dk', '2', '1', '3', 'kim', 'lis', 'mia']);
  });

  it('is nobody where nobody fulfils it', async () => {
    const { names } = await setUp();
    expect(await names({ source: 'customers', where: rule('city', '=', 'Skagen') })).toEqual([]);
  });

  it('never is a customer of another company', async () => {
    const { names } = await setUp();
    const everybody = { combinator: 'or', not: true, rules: [rule('city', '=', 'Skagen')] };
    expect(await names({ source: 'customers', where: everybody })).toEqual(['1', '2', '3']);
  });

  it('counts in the tenant’s days', async () => {
    const { names, context, segments } = await setUp();
    expect(context.clock.now()).toBe(Date.UTC(2026, 10, 27, 10));
    await segments.save({ key: 'few', source: 'customers', where: rule('visits', '<', '4') });
    expect(await names({ segment: 'few' })).toEqual(['2', '3']);
  });
});

describe('what a `to` says wrong is named', () => {
  it.each<[string, unknown, { code: string; path: string; message?: unknown }]>([
    [
      'a segment that is not there',
      [anna, { segment: 'regular' }],
      {
        code: 'unknown_segment',
        path: 'to[1].segment',
        message: expect.stringContaining('Did you mean "regulars"?'),
      },
    ],
    ['a segment that is no text', { segment: 17 }, { code: 'invalid_input', path: 'to.segment' }],
    ['a segment and more', { segment: 'regulars', where: inAarhus }, { code: 'invalid_input', path: 'to' }],
    [
      'a group of one',
      { source: 'customers', id: '1', where: inAarhus },
      { code: 'invalid_input', path: 'to' },
    ],
    ['a query of nothing', { where: inAarhus }, { code: 'invalid_input', path: 'to.source' }],
    ['no query', { source: 'customers', where: null }, { code: 'invalid_query', path: 'to.where' }],
    [
      'a field that is not there',
      [{ source: 'customers', where: rule('town', '=', 'x') }],
      { code: 'invalid_query', path: 'to[0].where.rules[0].field' },
    ],
    [
      'a segment within a query',
      { source: 'customers', where: { combinator: 'and', rules: [{ segment: 'regulars' }] } },
      { code: 'invalid_query', path: 'to.where.rules[0]' },
    ],
    [
      'a source that is not there',
      { source: 'guests', where: inAarhus },
      { code: 'unknown_source', path: 'to.source' },
    ],
    [
      'a person who is not there, among groups',
      [{ segment: 'regulars' }, { source: 'customers', id: '99' }],
      { code: 'unknown_recipient', path: 'to[1]' },
    ],
    ['nobody', [], { code: 'invalid_input', path: 'to' }],
  ])('%s', async (_, to, expected) => {
    const { find } = await setUp();
    await expect(find(to)).rejects.toMatchObject(expected);
  });
});

/** A source of as many as one likes, which counts how many it was asked for. */
function crowd(size: number) {
  const asked: number[] = [];
  const recipientOf = (number: number) => ({ id: `c${number}`, email: `c${number}@example.dk` });
  const source: RecipientSource = {
    label: 'Crowd',
    tenantAware: true,
    byIds: async (ids) => ids.map((id) => ({ id, email: `${id}@example.dk` })),
    async find({ after, limit }) {
      asked.push(limit);
      const from = Number(after ?? 0);
      const until = Math.min(from + limit, size);
      const recipients = Array.from({ length: until - from }, (_, index) => recipientOf(from + index));
      return { recipients, next: until < size ? String(until) : null };
    },
  };
  return { source, asked };
}

const everybody = { source: 'crowd', where: { combinator: 'and', rules: [] } };

describe('many people', () => {
  it('are asked for until there are as many as wanted, and no further', async () => {
    const { source, asked } = crowd(Number.POSITIVE_INFINITY);
    const { find } = await setUp({ crowd: source });
    expect(await find(everybody, 1001)).toHaveLength(1001);
    expect(asked.reduce((sum, limit) => sum + limit, 0)).toBe(1001);
  });

  it('are read on where those of a page were named before', async () => {
    const { source } = crowd(1000);
    const { find, names } = await setUp({ crowd: source });
    expect(await find([everybody, everybody], 1001)).toHaveLength(1000);
    expect((await names([{ source: 'crowd', id: 'c999' }, everybody], 1001)).slice(0, 2)).toEqual([
      'c999',
      'c0',
    ]);
  });

  it('are not looked for any more once the call is aborted', async () => {
    const { source, asked } = crowd(Number.POSITIVE_INFINITY);
    const { find } = await setUp({ crowd: source });
    const abort = new AbortController();
    const slow: RecipientSource = {
      ...source,
      async find(question, scope) {
        abort.abort(new Error('enough'));
        return (await source.find?.(question, scope)) ?? { recipients: [], next: null };
      },
    };
    const aborted = await setUp({ crowd: slow });
    await expect(aborted.find(everybody, 1001, abort.signal)).rejects.toThrow('enough');
    expect(asked).toHaveLength(1);
    await expect(find(everybody, 1001, abort.signal)).rejects.toThrow('enough');
  });
});

describe('a source that fails', () => {
  it('is heard', async () => {
    const broken: RecipientSource = {
      label: 'Broken',
      tenantAware: true,
      byIds: async () => [],
      find: async () => {
        throw new Error('the host’s database is down');
      },
    };
    const { find } = await setUp({ crowd: broken });
    await expect(find([anna, everybody])).rejects.toThrow('the host’s database is down');
  });

  it('answers somebody twice: an error, and not two messages', async () => {
    const twice: RecipientSource = {
      label: 'Twice',
      tenantAware: true,
      byIds: async () => [],
      find: async () => ({ recipients: [{ id: 'a' }, { id: 'a' }], next: null }),
    };
    const { find } = await setUp({ crowd: twice });
    await expect(find(everybody)).rejects.toMatchObject({ name: 'ConfigurationError' });
  });

  it('begins again and again: an error, and not a wait without an end', async () => {
    let pages = 0;
    const endless: RecipientSource = {
      label: 'Endless',
      tenantAware: true,
      byIds: async () => [],
      find: async () => {
        pages += 1;
        return { recipients: [{ id: 'a' }, { id: 'b' }], next: `page ${pages}` };
      },
    };
    const { find } = await setUp({ crowd: endless });
    await expect(find(everybody)).rejects.toMatchObject({ name: 'ConfigurationError' });
    expect(pages).toBe(2);
  });

  it('cannot be asked: its people can be named, and no group of them', async () => {
    const byId: RecipientSource = {
      label: 'By id',
      tenantAware: true,
      byIds: async (ids) => ids.map((id) => ({ id })),
    };
    const { find, names } = await setUp({ crowd: byId });
    expect(await names({ source: 'crowd', id: 'x' })).toEqual(['x']);
    await expect(find([anna, everybody])).rejects.toMatchObject({ name: 'InputError', path: 'to[1].source' });
  });
});
