import { describe, expect, it, vi } from 'vitest';
import { memoryContext, scopeOf } from '../memory-store.test-kit.ts';
import type { RecipientSource, SourcePage, SourceQuestion } from '../ports/index.ts';
import { anyOf, everybody, findPage, idsQuery } from './index.ts';
import { ANNA, and, type Customer, NOBODY_KNOWS, or, rule, salon, scope } from './salon.test-kit.ts';

const people = (...ids: string[]): Customer[] => ids.map((id) => ({ ...ANNA, id }));

describe('found recipients', () => {
  it('are ready to be written to, with tag values where they are wanted', async () => {
    const { context, opened } = await salon([
      ANNA,
      { ...NOBODY_KNOWS, email: 'missing', phone: 'malformed' },
    ]);
    const wanted = { source: 'customers', query: everybody };
    const page = { after: null, limit: 10, withData: true };
    expect(await findPage(context, opened, scope, wanted, page)).toEqual({
      recipients: [
        {
          recipient: { source: 'customers', id: 'anna' },
          path: 'to',
          name: 'anna',
          email: { ok: true, address: 'anna@example.dk' },
          phone: expect.stringMatching(/^\+452/),
          locale: 'da',
          timeZone: 'Europe/Copenhagen',
          data: { 'customer.id': 'anna' },
        },
        expect.objectContaining({ email: null, phone: expect.any(String) }),
      ],
      next: null,
    });
    const bare = await findPage(context, opened, scope, wanted, { ...page, withData: false });
    expect(bare.recipients[0]?.data).toEqual({});
  });

  it('come page by page', async () => {
    const { find } = await salon(people('a', 'b', 'c', 'd', 'e'));
    expect(await find(everybody, 2)).toEqual(['a', 'b', 'c', 'd', 'e']);
    expect(await find(everybody, 5)).toEqual(['a', 'b', 'c', 'd', 'e']);
  });

  it('are those that were named, as far as there are such', async () => {
    const { find } = await salon(people('a', 'b', 'c'));
    expect(await find(idsQuery(['c', 'x', 'a', 'c']))).toEqual(['a', 'c']);
    expect(await find(idsQuery([]))).toEqual([]);
  });

  it('are found once where several queries mean them', async () => {
    const { find, check } = await salon(people('a', 'b', 'c'));
    const union = anyOf([
      idsQuery(['a']),
      check(rule('city', '=', 'Aarhus')),
      check(rule('email.status', '=', 'ok')),
    ]);
    expect(await find(union)).toEqual(['a', 'b', 'c']);
    expect(await find(anyOf([idsQuery(['b']), check(rule('city', '=', 'Odense'))]))).toEqual(['b']);
    expect(await find(anyOf([]))).toEqual([]);
    expect(await find(anyOf([idsQuery(['b']), everybody]))).toEqual(['a', 'b', 'c']);
  });
});

describe('the health of addresses', () => {
  const states = ['ok', 'missing', 'malformed', 'invalid', 'complained', 'unsubscribed', 'blocked'] as const;
  const patients = states.map((state): Customer => ({ ...ANNA, id: state, email: state, phone: 'ok' }));

  it.each(states)('%s is found by itself', async (state) => {
    const { find } = await salon(patients);
    expect(await find(rule('email.status', '=', state))).toEqual([state]);
    expect(await find(rule('email.status', '!=', state))).toHaveLength(6);
    expect(await find(rule('phone.status', '=', 'ok'))).toHaveLength(7);
  });

  it('is one look-up a page, for the addresses that are asked about', async () => {
    const { opened, find } = await salon(patients);
    const lookUp = vi.spyOn(opened.store.suppressions, 'find');
    await find(and({ field: 'city', operator: '=', value: 'Aarhus' }));
    expect(lookUp).not.toHaveBeenCalled();
    await find(rule('email.status', 'in', 'ok,blocked'), 100);
    expect(lookUp.mock.calls.map(([, channel, keys]) => [channel, keys.length])).toEqual([['email', 5]]);
  });

  it('leaves everything else to the source', async () => {
    const { check } = await salon([]);
    const city = { field: 'city', operator: '=', value: 'Aarhus' };
    const healthy = { field: 'email.status', operator: '=', value: 'ok' };
    const { where } = check(and(city));
    expect(check(and(city, healthy, and(healthy, city)))).toMatchObject({
      where: { kind: 'all', of: [where, where] },
      probes: [],
    });
    expect(check(and(healthy))).toMatchObject({ where: { kind: 'all', of: [] }, probes: [] });
    expect(check({ ...or(city, healthy), not: true })).toMatchObject({
      where: { kind: 'not', of: where },
      probes: [],
    });
  });

  it('is told apart by the source’s own answer where it stands beside other questions', async () => {
    const { check, find } = await salon([
      { ...ANNA, id: 'a', email: 'blocked' },
      { ...ANNA, id: 'b', city: 'Odense' },
      { ...ANNA, id: 'c', city: 'Odense', email: 'blocked' },
    ]);
    const asked = or(
      { field: 'city', operator: '=', value: 'Aarhus' },
      { field: 'email.status', operator: '=', value: 'ok' },
    );
    expect(check(asked)).toMatchObject({
      where: { kind: 'all', of: [] },
      probes: [check(rule('city', '=', 'Aarhus')).where],
    });
    expect(await find(asked)).toEqual(['a', 'b']);
  });

  it('is one tenant’s own', async () => {
    const { context, opened } = await salon([{ ...ANNA, email: 'blocked' }]);
    const luna = { ...scope, tenant: 'luna' };
    const { check } = await salon([]);
    const wanted = { source: 'customers', query: check(rule('email.status', '=', 'ok')) };
    const page = { after: null, limit: 10, withData: false };
    expect((await findPage(context, opened, luna, wanted, page)).recipients).toHaveLength(1);
    expect((await findPage(context, opened, scope, wanted, page)).recipients).toHaveLength(0);
  });
});

describe('a source', () => {
  const ask = async (
    find: ((question: SourceQuestion) => unknown) | undefined,
    {
      after = null as string | null,
      query = everybody,
      signal = undefined as AbortSignal | undefined,
      given = {},
    } = {},
  ) => {
    const source = { label: 'Customers', tenantAware: false, byIds: async () => [], ...given, find };
    const context = memoryContext({
      sources: new Map([['customers', source as unknown as RecipientSource]]),
    });
    const opened = await context.open();
    const page = { after, limit: 2, withData: true, signal };
    return findPage(context, opened, scope, { source: 'customers', query }, page);
  };
  const answering = (page: unknown) => async () => page;

  it.each([
    ['nothing', undefined],
    ['null', null],
    ['a list', []],
    ['no list', { recipients: { length: 0 }, next: null }],
    ['more than were asked for', { recipients: [{ id: 1 }, { id: 2 }, { id: 3 }], next: null }],
    ['somebody twice', { recipients: [{ id: 1 }, { id: '1' }], next: null }],
    ['a row that is none', { recipients: [null], next: null }],
    ['a text for a row', { recipients: ['anna'], next: null }],
    ['a row without an id', { recipients: [{ name: 'Anna' }], next: null }],
    ['an empty id', { recipients: [{ id: '' }], next: null }],
    ['an endless id', { recipients: [{ id: 'x'.repeat(256) }], next: null }],
    ['no next', { recipients: [] }],
    ['a number as next', { recipients: [], next: 2 }],
    ['an empty next', { recipients: [], next: '' }],
    ['an endless next', { recipients: [], next: 'x'.repeat(1001) }],
    ['the same next again', { recipients: [{ id: 1 }], next: 'a' }],
  ])('that answers %s does not keep its contract', async (_, page) => {
    await expect(ask(answering(page as SourcePage), { after: 'a' })).rejects.toMatchObject({
      name: 'ConfigurationError',
      code: 'invalid_input',
      message: expect.stringContaining('The recipient source "Customers" does not keep its contract.'),
    });
  });

  it.each([[undefined], [[]], [[true, false]], [['yes']], ['true']])(
    'that answers %j where one probe was asked does not keep its contract',
    async (probes) => {
      const { check } = await salon([]);
      const query = check(
        or(
          { field: 'city', operator: '=', value: 'x' },
          { field: 'email.status', operator: '=', value: 'ok' },
        ),
      );
      const page = { recipients: [{ id: 'a', probes }], next: null };
      await expect(ask(answering(page), { query })).rejects.toMatchObject({
        message: expect.stringContaining('probes'),
      });
    },
  );

  it('that answers no Map of tag values does not keep its contract', async () => {
    const given = { data: async () => ({}) };
    const found = answering({ recipients: [{ id: 'a' }], next: null });
    await expect(ask(found, { given })).rejects.toMatchObject({ message: expect.stringContaining('`data`') });
  });

  it('may answer an empty page before the last', async () => {
    expect(await ask(answering({ recipients: [], next: 'b' }), { after: 'a' })).toEqual({
      recipients: [],
      next: 'b',
    });
  });

  it('that fails says so in its own words', async () => {
    const failure = new Error('connection refused');
    await expect(ask(() => Promise.reject(failure))).rejects.toBe(failure);
    await expect(
      ask(() => {
        throw failure;
      }),
    ).rejects.toBe(failure);
  });

  it('that never answers is left at once', async () => {
    const reason = new Error('enough');
    const controller = new AbortController();
    const asked = ask(() => new Promise(() => undefined), { signal: controller.signal });
    setImmediate(() => controller.abort(reason));
    await expect(asked).rejects.toBe(reason);
    const find = vi.fn(answering({ recipients: [], next: null }));
    await expect(ask(find, { signal: controller.signal })).rejects.toBe(reason);
    expect(find).not.toHaveBeenCalled();
  });

  it('whose tag values never come is left at once', async () => {
    const controller = new AbortController();
    const data = () => {
      setImmediate(() => controller.abort('enough'));
      return new Promise(() => undefined);
    };
    const found = answering({ recipients: [{ id: 'a' }], next: null });
    await expect(ask(found, { signal: controller.signal, given: { data } })).rejects.toBe('enough');
  });

  it('that cannot be asked, or does not exist, or is another tenant’s too, is refused', async () => {
    await expect(ask(undefined)).rejects.toMatchObject({
      name: 'InputError',
      code: 'invalid_input',
      path: 'to.source',
    });
    const { context, opened } = await salon([]);
    const page = { after: null, limit: 2, withData: false };
    const of = (source: string, tenant: string) =>
      findPage(context, opened, scopeOf(tenant), { source, query: everybody }, page);
    await expect(of('custommers', 'default')).rejects.toMatchObject({
      code: 'unknown_source',
      path: 'to.source',
    });
    await expect(of('customers', 'sol')).rejects.toMatchObject({ code: 'tenant_wall', path: 'to.source' });
  });
});
