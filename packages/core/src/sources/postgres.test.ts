import type { PGlite } from '@electric-sql/pglite';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import type { Condition } from '../ports/index.ts';
import { compareTexts } from './compare-texts.ts';
import {
  conditions,
  customers,
  EVERYBODY,
  findAll,
  HOST,
  SOL,
  textIds,
  wholeIds,
} from './conditions.test-kit.ts';
import { sqlRecipients } from './index.ts';
import { LARGE_QUESTIONS, largeSource, largeTables } from './large-questions.test-kit.ts';
import { fillPostgres, openPostgres, POSTGRES_TYPES, postgresQuery } from './postgres.test-kit.ts';
import { arraySalon, type Customer, sqlSalon } from './salon.test-kit.ts';

let database: PGlite;
beforeAll(async () => {
  database = await openPostgres();
}, 60_000);
afterAll(() => database.close());

const byId = (a: { id: string }, b: { id: string }) => compareTexts(a.id, b.id);
const uuids = fc.constantFrom(1, 2, 3, 0xab, 0xffff).map((number) => {
  return `00000000-0000-4000-8000-${number.toString(16).padStart(12, '0')}`;
});

it.each([
  ['bigint', wholeIds],
  ['text', textIds],
  ['varchar(200)', textIds],
  ['uuid', uuids],
  ['numeric', wholeIds],
])('an array and Postgres find the same people, whatever is asked, with ids of type %s', async (id, ids) => {
  const sql = sqlSalon('postgres', postgresQuery(database));
  const many = fc.array(conditions, { minLength: 12, maxLength: 24 });
  await fc.assert(
    fc.asyncProperty(customers(ids), many, fc.constantFrom(HOST, SOL), async (people, asked, scope) => {
      const array = arraySalon(people);
      await fillPostgres(database, people, { ...POSTGRES_TYPES, id });
      const [where = EVERYBODY] = asked;
      const found = await findAll(sql, where, scope, { probes: asked });
      const expected = await findAll(array, where, scope, { probes: asked });
      expect(found.toSorted(byId)).toEqual(expected.toSorted(byId));
      const all = await findAll(sql, EVERYBODY, scope, { probes: asked, limit: 100 });
      const everybody = await findAll(array, EVERYBODY, scope, { probes: asked });
      expect(all.toSorted(byId)).toEqual(everybody.toSorted(byId));
      const names = [...people.map((person) => String(person.id)), 'abc', '017', '9'.repeat(30), 'a\0'];
      const [named, others] = await Promise.all([sql.byIds(names, scope), array.byIds(names, scope)]);
      expect(named.map((person) => person.id).sort()).toEqual(others.map((person) => person.id).sort());
    }),
    { numRuns: 25 },
  );
});

const CUSTOMER: Customer = {
  id: 17,
  company: 'sol',
  city: null,
  points: null,
  visits: null,
  vip: null,
  born: null,
  seen: null,
  reservations: [],
};

it('under a tenant no question finds a person of another, whatever it asks', async () => {
  const sql = sqlSalon('postgres', postgresQuery(database));
  await fc.assert(
    fc.asyncProperty(customers(wholeIds), conditions, async (people, where) => {
      await fillPostgres(database, people, POSTGRES_TYPES);
      const own = people.filter(({ company }) => company === 'sol').map(({ id }) => String(id));
      for (const asked of [where, { kind: 'not', of: where } as const]) {
        for (const { id } of await findAll(sql, asked, SOL)) expect(own).toContain(id);
      }
    }),
    { numRuns: 25 },
  );
});

it('a tenant that is no number is nobody’s in a column of numbers', async () => {
  await fillPostgres(database, [CUSTOMER], POSTGRES_TYPES);
  const numbered = sqlSalon('postgres', postgresQuery(database), { tenant: '(17 + c.id - c.id)' });
  expect(await findAll(numbered, EVERYBODY, { tenant: '17', scoped: true })).toHaveLength(1);
  for (const tenant of ['sol', '017', '17.0', "17' or true", '9'.repeat(30), 'a\0']) {
    expect(await findAll(numbered, EVERYBODY, { tenant, scoped: true })).toEqual([]);
  }
});

it('the type of the ids is asked once', async () => {
  const query = vi.fn(postgresQuery(database));
  const sql = sqlSalon('postgres', query);
  await sql.byIds(['17'], HOST);
  await findAll(sql, EVERYBODY, HOST);
  expect(query.mock.calls.filter(([text]) => text.includes('pg_typeof'))).toHaveLength(1);
});

it('an index on the tenant and on the id serves', async () => {
  await fillPostgres(database, [CUSTOMER], POSTGRES_TYPES);
  await database.exec('create index by_company on customers (company, id); set enable_seqscan = off');
  const explained: string[] = [];
  const sql = sqlSalon('postgres', async (text, params) => {
    const { rows } = await database.query<Record<string, string>>(`explain ${text}`, params);
    explained.push(rows.map((row) => row['QUERY PLAN']).join('\n'));
    return postgresQuery(database)(text, params);
  });
  await sql.byIds(['17'], HOST);
  await sql.find?.({ where: EVERYBODY, probes: [], after: ':5', limit: 5 }, SOL);
  await database.exec('set enable_seqscan = on');
  expect(explained[1]).toContain("Index Cond: (id = '17'::bigint)");
  expect(explained[2]).toMatch(/Index Cond: \(\(company = 'sol'::text\) AND \(id > '5'::bigint\)\)/);
  expect(explained[2]).not.toContain('Sort');
});

it('a day is compared with what a clock on the wall shows', async () => {
  await database.exec(`
    drop table if exists visits;
    create table visits (id integer primary key, at timestamp);
    insert into visits values (1, '2026-11-26 23:59:59.999'), (2, '2026-11-27 00:00'), (3, '2026-11-27 23:59'), (4, null)`);
  const sql = sqlRecipients({
    dialect: 'postgres',
    label: 'Visits',
    from: 'visits',
    id: 'id',
    fields: { at: { column: 'at', type: 'date', label: 'At' } },
    query: postgresQuery(database),
  });
  const day = { value: '2026-11-27', inclusive: true };
  const where: Condition = { kind: 'test', field: 'at', test: { is: 'within', from: day, to: day } };
  expect((await findAll(sql, where, HOST)).map(({ id }) => id)).toEqual(['2', '3']);
  expect((await findAll(sql, { kind: 'not', of: where }, HOST, { limit: 1 })).map(({ id }) => id)).toEqual([
    '1',
    '4',
  ]);
});

it('large questions are answered', async () => {
  await database.exec(`drop table if exists people; ${largeTables('timestamptz')}`);
  const source = largeSource('postgres', postgresQuery(database));
  for (const [name, where, ids] of LARGE_QUESTIONS) {
    const found = await findAll(source, where, HOST);
    expect([name, found.map(({ id }) => id)]).toEqual([name, ids]);
  }
}, 60_000);
