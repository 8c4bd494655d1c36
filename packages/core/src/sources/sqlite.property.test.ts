import fc from 'fast-check';
import { expect, it } from 'vitest';
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
import { arraySalon, openSqlite, SQLITE_TYPES, sqliteQuery, sqlSalon } from './salon.test-kit.ts';

const byId = (a: { id: string }, b: { id: string }) => compareTexts(a.id, b.id);

it.each([
  ['whole numbers', 'integer', wholeIds],
  ['texts', 'text', textIds],
  ['texts in a column that ignores case', 'text collate nocase', textIds],
])(
  'an array and SQLite find the same people, whatever is asked, with ids that are %s',
  async (_, id, ids) => {
    const many = fc.array(conditions, { minLength: 1, maxLength: 4 });
    await fc.assert(
      fc.asyncProperty(customers(ids), many, fc.constantFrom(HOST, SOL), async (people, asked, scope) => {
        if (
          id.endsWith('nocase') &&
          new Set(people.map((person) => String(person.id).toLowerCase())).size < people.length
        )
          return;
        const array = arraySalon(people);
        using database = openSqlite(people, { ...SQLITE_TYPES, id });
        const sql = sqlSalon('sqlite', sqliteQuery(database));
        for (const where of asked) {
          const found = await findAll(sql, where, scope);
          const expected = await findAll(array, where, scope);
          expect(found.toSorted(byId)).toEqual(expected.toSorted(byId));
        }
        const found = await findAll(sql, EVERYBODY, scope, { probes: asked });
        const expected = await findAll(array, EVERYBODY, scope, { probes: asked });
        expect(found.toSorted(byId)).toEqual(expected.toSorted(byId));
        const names = [...people.map((person) => String(person.id)), 'abc', '017', '9'.repeat(30), 'a\0'];
        const [named, others] = await Promise.all([sql.byIds(names, scope), array.byIds(names, scope)]);
        expect(named.map((person) => person.id).sort()).toEqual(others.map((person) => person.id).sort());
      }),
      { numRuns: 300 },
    );
  },
);

it('under a tenant no question finds a person of another, whatever it asks', async () => {
  await fc.assert(
    fc.asyncProperty(customers(wholeIds), conditions, async (people, where) => {
      using database = openSqlite(people);
      const sql = sqlSalon('sqlite', sqliteQuery(database));
      const own = people.filter(({ company }) => company === 'sol').map(({ id }) => String(id));
      for (const asked of [where, { kind: 'not', of: where } as const]) {
        for (const { id } of await findAll(sql, asked, SOL, { probes: [asked] })) expect(own).toContain(id);
      }
      const named = await sql.byIds(
        people.map(({ id }) => String(id)),
        SOL,
      );
      expect(named.map(({ id }) => id).sort()).toEqual(own.sort());
    }),
    { numRuns: 200 },
  );
});
