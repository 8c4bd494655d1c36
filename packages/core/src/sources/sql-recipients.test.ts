import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it, vi } from 'vitest';
import type { Condition, SourceScope } from '../ports/index.ts';
import { EVERYBODY, findAll, HOST, SOL } from './conditions.test-kit.ts';
import { type SqlRecipientsOptions, sqlRecipients } from './index.ts';
import { sqliteQuery } from './salon.test-kit.ts';

const OPTIONS = {
  dialect: 'sqlite',
  label: 'Customers',
  from: 'customers c',
  tenant: 'c.company',
  id: 'c.id',
  name: 'c.name',
  email: 'c.mail',
  fields: { city: { column: 'c.city', type: 'text', label: 'City' } },
} as const;

function salon(script: string, more: Partial<SqlRecipientsOptions> = {}) {
  const database = new DatabaseSync(':memory:');
  database.exec(script);
  return { database, source: sqlRecipients({ ...OPTIONS, query: sqliteQuery(database), ...more }) };
}

const CUSTOMERS = `
  create table customers (id integer primary key, company text, name text, mail text, city text);
  insert into customers values
    (17, 'sol', 'Anna', 'anna@example.dk', 'Aarhus'), (2, 'sol', 'Bo', null, null), (9, 'luna', 'Dea', 'd@example.dk', 'Odense');`;

const test = (field: string, test: Extract<Condition, { kind: 'test' }>['test']): Condition => ({
  kind: 'test',
  field,
  test,
});
const isOneOf = (field: string, ...values: (string | number)[]) => test(field, { is: 'one_of', values });
const from = (field: string, value: string | number) =>
  test(field, { is: 'within', from: { value, inclusive: true }, to: null });
const not = (of: Condition): Condition => ({ kind: 'not', of });

async function idsOf(
  source: Parameters<typeof findAll>[0],
  where: Condition,
  scope: SourceScope = HOST,
  limit = 2,
) {
  return (await findAll(source, where, scope, { limit })).map(({ id }) => id);
}

describe('a source over SQL', () => {
  it('finds people with their names and addresses, in the order of their ids', async () => {
    const { source } = salon(CUSTOMERS);
    const page = await source.find?.({ where: EVERYBODY, probes: [], after: null, limit: 9 }, HOST);
    expect(page?.recipients).toMatchObject([
      { id: '2', name: 'Bo', email: undefined },
      { id: '9', name: 'Dea' },
      { id: '17', name: 'Anna', email: 'anna@example.dk' },
    ]);
    expect(page?.next).toBeNull();
  });

  it('reads recipients by id, and knows only ids as they are written', async () => {
    const { source } = salon(CUSTOMERS);
    const found = await source.byIds(['17', '017', '2', 'abc', "2' or '1'='1", 'a\0', ''], SOL);
    expect(found.map(({ id }) => id)).toEqual(['2', '17']);
  });

  it('goes on at the right place when rows come and go between pages', async () => {
    const { database, source } = salon(CUSTOMERS);
    const first = await source.find?.({ where: EVERYBODY, probes: [], after: null, limit: 2 }, HOST);
    database.exec('delete from customers where id in (2, 9); insert into customers (id) values (1), (12)');
    const after = first?.next ?? null;
    const second = await source.find?.({ where: EVERYBODY, probes: [], after, limit: 2 }, HOST);
    expect(first?.recipients.map(({ id }) => id)).toEqual(['2', '9']);
    expect(second?.recipients.map(({ id }) => id)).toEqual(['12', '17']);
  });

  it('reads on from whole numbers that JavaScript cannot hold', async () => {
    const { source } = salon(`${CUSTOMERS}
      insert into customers (id) values (9007199254740993), (9007199254740992), (9223372036854775807)`);
    const ids = ['2', '9', '17', '9007199254740992', '9007199254740993', '9223372036854775807'];
    expect(await idsOf(source, EVERYBODY, HOST, 1)).toEqual(ids);
    expect(await source.byIds(['9007199254740993'], HOST)).toHaveLength(1);
  });

  it.each([
    ['a name without its table', 'id', 'customers'],
    ['an expression', 'c.id + 0', 'customers c'],
    ['a column that is not declared as anything', 'u.key', '(select id as key, * from customers) u'],
  ])('takes as id %s', async (_, id, table) => {
    const place = { id, from: table, tenant: 'company', name: 'name', email: 'mail', fields: {} };
    const { source } = salon(CUSTOMERS, place);
    expect(await idsOf(source, EVERYBODY, HOST, 1)).toEqual(['2', '9', '17']);
    expect(await idsOf(source, { kind: 'ids', ids: ['17', '017'] })).toEqual(['17']);
  });

  it('takes a person once whom a join gives several rows, on one page or across two', async () => {
    const visits = `create table visits (customer integer, hour integer);
      insert into visits values (2, 10), (2, 11), (2, 12), (17, 10), (17, 11), (null, 13);`;
    const { source } = salon(CUSTOMERS + visits, {
      from: 'visits v left join customers c on c.id = v.customer',
      fields: { hour: { column: 'v.hour', type: 'number', label: 'Hour' } },
    });
    for (const limit of [1, 2, 3, 500])
      expect(await idsOf(source, EVERYBODY, HOST, limit)).toEqual(['2', '17']);
    expect(await idsOf(source, from('hour', 12))).toEqual(['2']);
    expect(await source.byIds(['2', '17'], SOL)).toHaveLength(2);
  });

  it('says so where an id is two tenants’ and none is named', async () => {
    const { source } = salon(`
      create table customers (id integer, company text, name text, mail text, city text);
      insert into customers (id, company) values (1, 'sol'), (1, 'luna'), (2, 'sol')`);
    expect(await idsOf(source, EVERYBODY, SOL)).toEqual(['1', '2']);
    const message = expect.stringContaining('Several tenants have a recipient "1".');
    await expect(source.byIds(['1'], HOST)).rejects.toMatchObject({ code: 'source_failed', message });
    await expect(idsOf(source, EVERYBODY, HOST, 1)).rejects.toMatchObject({ message });
  });

  it('keeps tenants apart exactly, whatever type the column has', async () => {
    const { source } = salon(`
      create table customers (id integer primary key, company integer, name text, mail text, city text);
      insert into customers (company) values (12), (12), (1)`);
    expect(await idsOf(source, EVERYBODY, { tenant: '12', scoped: true })).toEqual(['1', '2']);
    for (const tenant of ['012', '12.0', '1 or 1=1', 'sol', '']) {
      expect(await idsOf(source, EVERYBODY, { tenant, scoped: true })).toEqual([]);
    }
  });

  it('finds nobody under a tenant where it cannot tell tenants apart', async () => {
    const { source } = salon(CUSTOMERS, { tenant: undefined });
    expect(source.tenantAware).toBe(false);
    expect(await idsOf(source, EVERYBODY, SOL)).toEqual([]);
    expect(await source.byIds(['2'], SOL)).toEqual([]);
  });

  it('sends values beside the statement and never in it', async () => {
    const query = vi.fn((_sql: string, _params: unknown[]) => []);
    const { source } = salon(CUSTOMERS, { query });
    const evil = "x'; drop table customers; --";
    const where: Condition = {
      kind: 'any',
      of: [
        isOneOf('city', evil),
        isOneOf('city', evil, 'b'),
        test('city', { is: 'contains', text: evil }),
        { kind: 'ids', ids: [evil] },
      ],
    };
    await source.find?.(
      { where, probes: [where], after: `text:${evil}`, limit: 5 },
      { tenant: evil, scoped: true },
    );
    const [statement, params] = query.mock.calls[0] ?? [];
    expect(statement).not.toContain('drop');
    expect(params?.join()).toContain('drop');
    await expect(idsOf(source, isOneOf(evil, 'x'))).rejects.toMatchObject({ code: 'invalid_query' });
  });

  it('reads a tenant’s pages by an index, in its order', async () => {
    const { database } = salon(`${CUSTOMERS} create index by_company on customers (company)`);
    const plans: unknown[] = [];
    const query = (text: string, params: (string | number)[]) => {
      plans.push(
        database
          .prepare(`explain query plan ${text}`)
          .all(...params)
          .map((row) => row.detail),
      );
      return [];
    };
    const source = sqlRecipients({ ...OPTIONS, query });
    await source.byIds(['17', '2'], HOST);
    await source.find?.({ where: EVERYBODY, probes: [], after: 'integer:5', limit: 5 }, SOL);
    expect(plans[0]).toContain('SEARCH c USING INTEGER PRIMARY KEY (rowid=?)');
    expect(plans[1]).toEqual(['SEARCH c USING INDEX by_company (company=? AND rowid>?)']);
  });

  it.each(['x', 'integer:1 or 1', 'blob:1', ':', ''])(
    'takes no cursor that is not its own: %j',
    async (after) => {
      const { source } = salon(CUSTOMERS);
      const asked = source.find?.({ where: EVERYBODY, probes: [], after, limit: 2 }, HOST);
      if (after.startsWith('integer:')) expect((await asked)?.recipients).toHaveLength(2);
      else await expect(asked).rejects.toMatchObject({ code: 'invalid_cursor', path: 'cursor' });
    },
  );

  it('fetches tag values for its recipients', async () => {
    const data = (ids: readonly string[]) => Object.fromEntries(ids.map((id) => [id, { number: id }]));
    const { source } = salon(CUSTOMERS, { data });
    expect(await source.data?.(['2'], HOST)).toEqual(new Map([['2', { number: '2' }]]));
  });
});

describe('what SQLite holds in a column that is not of its type', () => {
  const { source } = salon(
    `create table customers (id integer primary key, company text, name text, mail text, city, age integer, born date, seen text, made integer);
     insert into customers (id, city, age, born, seen, made) values
       (1, 8000, 30, '2000-01-01T10:00', '2026-11-27T23:59:59.9999+01:00', 0),
       (2, '8000', '', '', '', ''), (3, null, null, null, null, null), (4, 'n/a', 'n/a', 'n/a', 'now', 'n/a'),
       (5, '', 'old', 20000101, 2460000, 'x')`,
    {
      fields: {
        city: { column: 'c.city', type: 'text', label: 'City' },
        age: { column: 'c.age', type: 'number', label: 'Age' },
        born: { column: 'c.born', type: 'date', label: 'Born' },
        seen: { column: 'c.seen', type: 'datetime', label: 'Seen' },
        made: { column: 'c.made', type: 'datetime', label: 'Made', stored: 'epochMs' },
      },
    },
  );
  const evening = Date.UTC(2026, 10, 27, 22, 59, 59, 999);

  it.each([
    ['a number where texts are asked', isOneOf('city', '8000'), ['1', '2']],
    ['a number in a list of texts', isOneOf('city', '8000', 'n/a'), ['1', '2', '4']],
    ['texts among numbers', from('age', 18), ['1']],
    ['texts that are no days', from('born', '1990-01-01'), ['1']],
    ['texts that name no moment', from('seen', 0), ['1']],
    ['the last part of a ms, which belongs to its day', from('seen', evening), ['1']],
    ['and not to the next', from('seen', evening + 1), []],
    ['texts where ms are asked', from('made', -1), ['1']],
  ])('fulfils no test of it: %s', async (_, where, ids) => {
    expect(await idsOf(source, where)).toEqual(ids);
    expect(await idsOf(source, not(where))).toEqual(
      ['1', '2', '3', '4', '5'].filter((id) => !ids.includes(id)),
    );
  });
});
