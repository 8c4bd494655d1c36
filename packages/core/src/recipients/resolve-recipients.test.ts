import { describe, expect, it } from 'vitest';
import { scopeOf } from '../memory-store.test-kit.ts';
import type { RecipientSource } from '../ports/index.ts';
import { arrayRecipients } from '../sources/index.ts';
import { type Recipient, resolveRecipients } from './index.ts';

const ROWS = [
  {
    no: 1,
    company: 'sol',
    name: 'Anna',
    mail: 'anna@example.dk',
    phone: '+45 12 34 56 78',
    lang: 'de_AT',
    zone: 'Europe/Vienna',
  },
  {
    no: 2,
    company: 'sol',
    name: 'Bo\r\nBcc: all',
    mail: ' bo@example.dk ',
    phone: '',
    lang: '???',
    zone: 'Mars/Base',
  },
  { no: 3, company: 'sol', name: null, mail: 'not an address', phone: 12345678, lang: null, zone: null },
  { no: 4, company: 'luna', name: 'Dea', mail: ['dea@example.dk'], phone: null, lang: null, zone: null },
];

const customers = arrayRecipients({
  label: 'Customers',
  rows: ROWS,
  tenant: 'company',
  id: 'no',
  name: 'name',
  email: 'mail',
  phone: (row) => row.phone,
  locale: 'lang',
  timeZone: 'zone',
  data: (ids) => Object.fromEntries(ids.map((id) => [id, { customer: { number: id } }])),
});
const staff = arrayRecipients({
  label: 'Staff',
  rows: () => [{ id: 'kim', mail: 'kim@example.dk' }],
  id: 'id',
  email: 'mail',
});
const context = {
  adapters: new Map(),
  sources: new Map<string, RecipientSource>([
    ['customers', customers],
    ['staff', staff],
  ]),
};

const sol = scopeOf('sol');
const host = scopeOf('default');
const resolve = (to: unknown, scope = sol) => resolveRecipients(context, scope, to as Recipient);

describe('a recipient of a source', () => {
  it('comes with name, addresses, language, zone and data', async () => {
    expect(await resolve({ source: 'customers', id: '1' })).toEqual([
      {
        recipient: { source: 'customers', id: '1' },
        path: 'to',
        name: 'Anna',
        email: { ok: true, address: 'anna@example.dk' },
        phone: '+45 12 34 56 78',
        locale: 'de-AT',
        timeZone: 'Europe/Vienna',
        data: { customer: { number: '1' } },
      },
    ]);
  });

  it('takes the tenant’s language and zone where its own are none, and a name on one line', async () => {
    const [bo] = await resolve({ source: 'customers', id: '2' });
    expect(bo).toMatchObject({
      name: 'Bo Bcc: all',
      email: { ok: true, address: 'bo@example.dk' },
      phone: null,
      locale: 'da',
      timeZone: 'Europe/Copenhagen',
    });
  });

  it('with malformed addresses is no error: each says why', async () => {
    const [third] = await resolve({ source: 'customers', id: '3' });
    expect(third).toMatchObject({
      name: null,
      email: { ok: false, given: 'not an address', reason: 'it has no "@"' },
      phone: '12345678',
    });
    const [dea] = await resolve({ source: 'customers', id: '4' }, scopeOf('luna'));
    expect(dea?.email).toMatchObject({ ok: false });
  });

  it('of another tenant is unknown', async () => {
    await expect(resolve({ source: 'customers', id: '4' })).rejects.toMatchObject({
      code: 'unknown_recipient',
    });
  });

  it('is found by a host that names no tenant', async () => {
    expect(await resolve({ source: 'customers', id: '4' }, host)).toHaveLength(1);
  });

  it('is refused under a tenant where the source cannot tell tenants apart', async () => {
    await expect(resolve({ source: 'staff', id: 'kim' })).rejects.toMatchObject({
      code: 'tenant_wall',
      name: 'ConfigurationError',
    });
    expect(await resolve({ source: 'staff', id: 'kim' }, host)).toHaveLength(1);
  });

  it('is an error where its id stands for two', async () => {
    const twice = arrayRecipients({
      label: 'Twice',
      rows: [{ id: 'a' }, { id: 'a' }, { id: 'b' }],
      id: 'id',
    });
    const two = { adapters: new Map(), sources: new Map([['twice', twice]]) };
    await expect(resolveRecipients(two, host, { source: 'twice', id: 'a' })).rejects.toMatchObject({
      name: 'ConfigurationError',
      message: expect.stringContaining('"a"'),
    });
    expect(await resolveRecipients(two, host, { source: 'twice', id: 'b' })).toHaveLength(1);
  });
});

describe('a bare address', () => {
  it('is taken with name, language and zone', async () => {
    const bare = { email: 'x@example.dk', name: ' X ', locale: 'sv-se', timeZone: 'Europe/Stockholm' };
    expect(await resolve([bare, { phone: '+4512345678' }])).toMatchObject([
      {
        recipient: null,
        name: 'X',
        email: { address: 'x@example.dk' },
        phone: null,
        locale: 'sv-SE',
        timeZone: 'Europe/Stockholm',
      },
      {
        recipient: null,
        name: null,
        email: null,
        phone: '+4512345678',
        locale: 'da',
        timeZone: 'Europe/Copenhagen',
      },
    ]);
  });

  it.each([
    [{ email: 'anna' }, 'invalid_address', 'to.email'],
    [[{ email: 'a@b.dk' }, { phone: '123' }], 'invalid_address', 'to[1].phone'],
    [{ email: ['a@b.dk'] }, 'invalid_address', 'to.email'],
    [{ email: null }, 'invalid_address', 'to.email'],
    [{ email: 'a@b.dk', name: 'A\r\nBcc: b@b.dk' }, 'header_injection', 'to.name'],
    [{ email: 'a@b.dk', locale: 'not a locale' }, 'invalid_input', 'to.locale'],
    [{ email: 'a@b.dk', timeZone: 'Mars/Base' }, 'invalid_input', 'to.timeZone'],
    [{ email: 'a@b.dk', nam: 'A' }, 'invalid_input', 'to'],
    [{ name: 'A' }, 'invalid_input', 'to'],
    ['a@b.dk', 'invalid_input', 'to'],
    [undefined, 'invalid_input', 'to'],
    [[], 'invalid_input', 'to'],
    [[{ source: 'customers', id: 1 }], 'invalid_input', 'to[0].id'],
    [{ source: 'customers' }, 'invalid_input', 'to.id'],
    [[{ segment: 'regulars' }], 'invalid_input', 'to[0]'],
    [{ source: 'customers', where: { combinator: 'and', rules: [] } }, 'invalid_input', 'to'],
    [
      [
        { source: 'customers', id: '1' },
        { source: 'custommers', id: '1' },
      ],
      'unknown_source',
      'to[1].source',
    ],
    [[{ source: '__proto__', id: '1' }], 'unknown_source', 'to[0].source'],
    [
      [
        { source: 'customers', id: '1' },
        { source: 'customers', id: '99' },
      ],
      'unknown_recipient',
      'to[1]',
    ],
  ])('or recipient that is wrong is named: %j', async (to, code, path) => {
    await expect(resolve(to)).rejects.toMatchObject({ code, path });
  });

  it('that throws when it is read is an input error', async () => {
    const trap = {
      get email() {
        throw new Error('trap');
      },
    };
    await expect(resolve(trap)).rejects.toMatchObject({ code: 'invalid_input', path: 'to' });
  });
});

it('says how several are named where one is not', async () => {
  await expect(resolve({ source: 'customers' })).rejects.toThrow('`where`');
  await expect(resolve({ segment: 'regulars' })).rejects.toThrow('group');
});

it('suggests the source that was meant', async () => {
  await expect(resolve({ source: 'custommers', id: '1' })).rejects.toThrow('Did you mean "customers"?');
});

it('asks a source once for many, at most 500 at a time, and keeps the order of the call', async () => {
  const asked: number[] = [];
  const dataFor: number[] = [];
  const source: RecipientSource = {
    label: 'Many',
    tenantAware: true,
    async byIds(ids) {
      asked.push(ids.length);
      return [...ids].reverse().map((id) => ({ id, email: `c${id}@example.dk` }));
    },
    async data(ids) {
      dataFor.push(ids.length);
      return new Map(ids.map((id) => [id, { id }]));
    },
  };
  const ids = [...Array.from({ length: 1100 }, (_, index) => String(index)), '7'];
  const to = ids.map((id) => ({ source: 'many', id }));
  const resolved = await resolveRecipients(
    { adapters: new Map(), sources: new Map([['many', source]]) },
    sol,
    to,
  );
  expect(resolved.map(({ recipient }) => recipient?.id)).toEqual(ids);
  expect(resolved.at(-1)).toMatchObject({ path: 'to[1100]', data: { id: '7' } });
  expect(asked).toEqual([500, 500, 100]);
  expect(dataFor).toEqual(asked);
});

it('takes what a source in plain JavaScript answers, and says so where it is no answer', async () => {
  const rows = [{ id: 7, name: 7, email: null, phone: 4512345678, locale: {}, timeZone: null }];
  const ask = (source: object) =>
    resolveRecipients({ adapters: new Map(), sources: new Map([['js', source as RecipientSource]]) }, host, {
      source: 'js',
      id: '7',
    });
  expect(await ask({ label: 'JS', byIds: async () => rows })).toMatchObject([
    {
      name: '7',
      email: null,
      phone: '4512345678',
      locale: 'da',
      timeZone: 'Europe/Copenhagen',
    },
  ]);
  for (const broken of [
    { byIds: async () => undefined },
    { byIds: async () => rows, data: async () => ({}) },
  ]) {
    await expect(ask({ label: 'JS', ...broken })).rejects.toMatchObject({ name: 'ConfigurationError' });
  }
});

it('shows a malformed address without what could do harm', async () => {
  const source = arrayRecipients({
    label: 'X',
    rows: [{ id: 1, mail: 'a\r\nb\ud800@x' }],
    id: 'id',
    email: 'mail',
  });
  const [found] = await resolveRecipients({ adapters: new Map(), sources: new Map([['x', source]]) }, host, {
    source: 'x',
    id: '1',
  });
  expect(found?.email).toMatchObject({ ok: false, given: 'a\ufffd\ufffdb\ufffd@x' });
});
