import { describe, expect, it } from 'vitest';
import type { Condition, RecipientSource } from '../ports/index.ts';
import { arrayRecipients } from './index.ts';

const ROWS = [
  { no: 10, company: 'sol', city: 'Aarhus', reservations: [{ day: '2026-11-27', service: 'cut' }] },
  {
    no: 9,
    company: 'sol',
    city: null,
    reservations: [
      { day: '2026-11-27', service: 'massage' },
      { day: '2026-11-28', service: 'cut' },
    ],
  },
  { no: 2, company: 'luna', city: 'Odense', reservations: [] },
];

type Customer = (typeof ROWS)[number];

const customers = arrayRecipients({
  label: 'Customers',
  rows: ROWS,
  tenant: 'company',
  id: 'no',
  fields: { city: { column: 'city', type: 'text', label: 'City', group: 'Customer' } },
  relations: {
    reservation: {
      label: 'Reservations',
      rows: (customer: Customer) => customer.reservations,
      fields: {
        date: { column: 'day', type: 'date', label: 'Date' },
        service: { column: (reservation) => reservation.service, type: 'text', label: 'Service' },
      },
    },
  },
});

const everybody: Condition = { kind: 'all', of: [] };
const equals = (field: string, value: string): Condition => ({
  kind: 'test',
  field,
  test: { is: 'one_of', values: [value] },
});
const onFriday: Condition = {
  kind: 'test',
  field: 'date',
  test: {
    is: 'within',
    from: { value: '2026-11-27', inclusive: true },
    to: { value: '2026-11-28', inclusive: false },
  },
};
const host = { tenant: 'default', scoped: false };

async function idsOf(source: RecipientSource, where: Condition, scope = host, limit = 500) {
  const read = async (after: string | null): Promise<string[]> => {
    const page = await source.find?.({ where, probes: [], after, limit }, scope);
    const ids = (page?.recipients ?? []).map(({ id }) => id);
    return page?.next ? [...ids, ...(await read(page.next))] : ids;
  };
  return read(null);
}

describe('a source over an array', () => {
  it('finds everybody in pages, numbers in their order', async () => {
    expect(await idsOf(customers, everybody, host, 1)).toEqual(['2', '9', '10']);
  });

  it('finds those whose field has the value, and by negation those who have none as well', async () => {
    expect(await idsOf(customers, equals('city', 'Aarhus'))).toEqual(['10']);
    expect(await idsOf(customers, { kind: 'not', of: equals('city', 'Aarhus') })).toEqual(['2', '9']);
  });

  it('asks one related row everything that a group of rules says', async () => {
    const where: Condition = { kind: 'all', of: [onFriday, equals('service', 'cut')] };
    expect(await idsOf(customers, { kind: 'related', relation: 'reservation', where })).toEqual(['10']);
  });

  it('under a tenant finds its own, whatever is asked', async () => {
    expect(await idsOf(customers, everybody, { tenant: 'luna', scoped: true })).toEqual(['2']);
  });

  it('answers probes beside each recipient', async () => {
    const probes = [equals('city', 'Odense'), everybody];
    const page = await customers.find?.({ where: everybody, probes, after: null, limit: 2 }, host);
    expect(page?.recipients).toMatchObject([
      { id: '2', probes: [true, true] },
      { id: '9', probes: [false, true] },
    ]);
  });

  it('says what people may ask about, and not where it stands', () => {
    expect(customers.fields).toEqual({ city: { type: 'text', label: 'City', group: 'Customer' } });
    expect(JSON.stringify(customers.relations)).not.toContain('"column"');
  });

  it('takes an id that comes twice once', async () => {
    const twice = arrayRecipients({
      label: 'Twice',
      rows: [{ id: 'a' }, { id: 'a' }, { id: 'b' }],
      id: 'id',
    });
    expect(await idsOf(twice, everybody)).toEqual(['a', 'b']);
    expect(await idsOf(twice, everybody, host, 1)).toEqual(['a', 'b']);
  });

  it('goes on at the right place when rows come and go between pages', async () => {
    const rows = ['b', 'd', 'f', 'h'].map((id) => ({ id }));
    const moving = arrayRecipients({ label: 'Moving', rows: () => rows, id: 'id' });
    const first = await moving.find?.({ where: everybody, probes: [], after: null, limit: 2 }, host);
    rows.splice(0, 2, { id: 'a' }, { id: 'e' });
    const second = await moving.find?.(
      { where: everybody, probes: [], after: first?.next ?? null, limit: 9 },
      host,
    );
    expect(first?.recipients.map(({ id }) => id)).toEqual(['b', 'd']);
    expect(second?.recipients.map(({ id }) => id)).toEqual(['e', 'f', 'h']);
    expect(second?.next).toBeNull();
  });

  it.each([
    ['an unknown field', equals('town', 'x'), /no field "town". Did you mean|no field "town"/],
    ['a field that every object has', equals('constructor', 'x'), /no field "constructor"/],
    ['an unknown relation', { kind: 'related', relation: 'order', where: everybody }, /no relation "order"/],
    [
      'a value that does not fit',
      { kind: 'test', field: 'city', test: { is: 'one_of', values: [1] } },
      /type text/,
    ],
    [
      'people within a relation',
      { kind: 'related', relation: 'reservation', where: { kind: 'ids', ids: [] } },
      /related row/,
    ],
  ] as [string, Condition, RegExp][])('refuses %s', async (_, where, message) => {
    const asked = idsOf(customers, where);
    await expect(asked).rejects.toMatchObject({ name: 'InputError', code: 'invalid_query' });
    await expect(asked).rejects.toThrow(message);
  });

  it.each([
    ['nothing', undefined],
    ['an object', { 17: { id: 17 } }],
    ['a row that is none', [{ id: 1 }, null]],
  ])('says so where `rows` answers %s', async (_, rows) => {
    const broken = arrayRecipients({ label: 'Broken', rows: async () => rows as never, id: 'id' });
    const error = {
      name: 'SourceError',
      code: 'source_failed',
      message: expect.stringContaining('"Broken"'),
    };
    await expect(idsOf(broken, everybody)).rejects.toMatchObject(error);
    await expect(broken.byIds(['1'], host)).rejects.toMatchObject(error);
  });

  it('says so where a related row is none', async () => {
    const broken = arrayRecipients({
      label: 'Broken',
      rows: [{ id: 1 }],
      id: 'id',
      relations: {
        order: {
          label: 'Orders',
          rows: () => [null as never],
          fields: { no: { column: () => 1, type: 'number', label: 'No' } },
        },
      },
    });
    const where: Condition = { kind: 'related', relation: 'order', where: everybody };
    await expect(idsOf(broken, where)).rejects.toMatchObject({ name: 'SourceError', code: 'source_failed' });
  });

  it('knows the columns of related rows, so that no slip makes everybody one without a value', () => {
    arrayRecipients({
      label: 'Customers',
      rows: ROWS,
      id: 'no',
      relations: {
        reservation: {
          label: 'Reservations',
          rows: (customer: Customer) => customer.reservations,
          // @ts-expect-error -- a reservation has no `dya`.
          fields: { date: { column: 'dya', type: 'date', label: 'Date' } },
        },
      },
    });
  });

  it('says so where `rows` of a relation is no list', async () => {
    const broken = arrayRecipients({
      label: 'Broken',
      rows: [{ id: 1 }],
      id: 'id',
      relations: { order: { label: 'Orders', rows: () => undefined as never, fields: {} } },
    });
    const where: Condition = { kind: 'related', relation: 'order', where: everybody };
    await expect(idsOf(broken, where)).rejects.toMatchObject({ name: 'SourceError', code: 'source_failed' });
  });
});

describe('the tag values of a source', () => {
  const valuesOf = (answer: unknown) =>
    arrayRecipients({ label: 'Customers', rows: ROWS, id: 'no', data: () => answer as never }).data?.(
      ['10'],
      host,
    );

  it.each([
    ['a Map', new Map([['10', { visits: 3 }]])],
    ['a Map by number', new Map([[10, { visits: 3 }]])],
    ['a Map by bigint', new Map([[10n, { visits: 3 }]])],
    ['an object', { 10: { visits: 3 } }],
  ])('are found by id in %s', async (_, answer) => {
    expect((await valuesOf(answer))?.get('10')).toEqual({ visits: 3 });
  });

  it.each([
    ['nothing', undefined],
    ['rows', [{ id: 10, visits: 3 }]],
    ['a text', 'visits'],
  ])('are not taken from %s', async (_, answer) => {
    await expect(valuesOf(answer)).rejects.toMatchObject({
      name: 'SourceError',
      code: 'source_failed',
      message: expect.stringContaining('`data`'),
    });
  });
});

describe('options of arrayRecipients', () => {
  const right = { label: 'X', rows: [], id: 'id' };
  const field = { column: 'x', type: 'text', label: 'X' };
  const relation = (fields: object) => ({ label: 'R', rows: () => [], fields });
  it.each([
    [{ ...right, rows: 'rows' }, 'rows'],
    [{ ...right, fields: { 'a.b': field } }, 'fields["a.b"]'],
    [{ ...right, fields: { a: { ...field, type: 'string' } } }, 'fields.a.type'],
    [{ ...right, fields: { a: { ...field, lable: 'X' } } }, 'fields.a'],
    [{ ...right, relations: { r: { label: 'R', rows: [], fields: {} } } }, 'relations.r.rows'],
    [{ ...right, relations: { r: relation({ a: { ...field, column: 7 } }) } }, 'relations.r.fields.a.column'],
    [{ ...right, relations: { email: relation({ status: field }) } }, 'relations.email.fields.status'],
    [{ ...right, relations: { phone: relation({ status: field }) } }, 'relations.phone.fields.status'],
  ])('that are none are refused: %j', (options, path) => {
    expect(() => arrayRecipients(options as never)).toThrow(
      expect.objectContaining({ code: 'invalid_input', path }),
    );
  });
});
