import { DatabaseSync } from 'node:sqlite';
import { expect, it } from 'vitest';
import { EVERYBODY, findAll, HOST } from './conditions.test-kit.ts';
import { LARGE_QUESTIONS, largeSource, largeTables } from './large-questions.test-kit.ts';
import { sqliteQuery } from './salon.test-kit.ts';

const database = new DatabaseSync(':memory:');
database.exec(largeTables('text'));
const source = largeSource('sqlite', sqliteQuery(database));

it.each(LARGE_QUESTIONS)('SQLite is asked about %s', async (_, where, ids) => {
  const found = await findAll(source, where, HOST);
  expect(found.map(({ id }) => id)).toEqual(ids);
});

it('SQLite answers 3,000 probes, more than it has columns', async () => {
  const probes = Array.from({ length: 3_000 }, (_, index) =>
    index % 7 === 0 ? EVERYBODY : ({ kind: 'any', of: [] } as const),
  );
  const [first] = await findAll(source, EVERYBODY, HOST, { probes });
  expect(first?.probes).toEqual(probes.map((probe) => probe === EVERYBODY));
});

it('more values than SQLite takes are refused in words', async () => {
  const [[, where]] = LARGE_QUESTIONS.filter(([name]) => name === '10,000 moments') as [
    (typeof LARGE_QUESTIONS)[0],
  ];
  const asked = findAll(source, { kind: 'all', of: [where, where] }, HOST);
  await expect(asked).rejects.toMatchObject({ name: 'InputError', code: 'invalid_query' });
});
