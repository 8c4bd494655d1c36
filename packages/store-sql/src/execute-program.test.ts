import { PGlite, types } from '@electric-sql/pglite';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createCompiler } from './compile.ts';
import { lock, share } from './locks.ts';
import { isMigrated, migrate } from './migrate.ts';
import { openDatabase, pgliteRunner } from './pglite.test-kit.ts';
import { postgresDialect } from './postgres-dialect.ts';
import { all, insert, insertion, type Program, statement } from './program.ts';

const insertKeys = insertion('posthorn_keys', ['tenant', 'key', 'input_hash', 'message_ids', 'created_at']);

const newestFirst = statement((db) =>
  db.selectFrom('posthorn_keys').select(['key', 'created_at']).orderBy('created_at', 'desc'),
);

const dropBefore = statement((db, p: { time: number }) =>
  db.deleteFrom('posthorn_keys').where('created_at', '<', p.time).returning(['key', 'created_at']),
);

const heldNames = statement((db) => ({
  compile: () =>
    sql<{ readonly name: string; readonly mode: string }>`
      select classid || '/' || objid as name, mode from pg_catalog.pg_locks where locktype = 'advisory'
      order by mode, name`.compile(db),
}));

function keyRow(key: string, createdAt: number) {
  return ['a', key, 'hash', '["1"]', createdAt] as const;
}

describe('a program on Postgres whose rows come as JSON', () => {
  it('is given numbers, whatever the driver makes of a bigint, and rows in their order', async () => {
    const database = await PGlite.create({ parsers: { [types.INT8]: BigInt } });
    const dialect = postgresDialect();
    const { write } = pgliteRunner(database, createCompiler(dialect), { asJson: true });
    await write(() => migrate(dialect, 0));
    const rows = await write(function* () {
      yield* insert(insertKeys, [keyRow('ø"\\\n', 1), keyRow('b', Number.MAX_SAFE_INTEGER), keyRow('c', 3)]);
      return yield* all(newestFirst, {});
    });
    expect(rows).toEqual([
      { key: 'b', created_at: Number.MAX_SAFE_INTEGER },
      { key: 'c', created_at: 3 },
      { key: 'ø"\\\n', created_at: 1 },
    ]);
    expect(await write(() => all(dropBefore, { time: 3 }))).toEqual([{ key: 'ø"\\\n', created_at: 1 }]);
    expect(await write(() => all(dropBefore, { time: 3 }))).toEqual([]);
    await database.close();
  });
});

describe('a program on Postgres', () => {
  let database: PGlite;

  beforeAll(async () => {
    database = await openDatabase();
  });

  afterAll(() => database.close());

  function on(schema: string) {
    const dialect = postgresDialect(schema);
    const { write } = pgliteRunner(database, createCompiler(dialect));
    return { write, migrate: () => write(() => migrate(dialect, 0)) };
  }

  it('finds its tables in the schema it was given, and none of another', async () => {
    const [one, other] = [on('one "of"\' several'), on('other')];
    await one.migrate();
    expect(await one.write(() => isMigrated())).toBe(true);
    expect(await other.write(() => isMigrated())).toBe(false);
    await one.migrate();
    await one.write(() => insert(insertKeys, [keyRow('here', 1)]));
    await other.migrate();
    expect(await other.write(() => all(newestFirst, {}))).toEqual([]);
    expect(await one.write(() => all(newestFirst, {}))).toHaveLength(1);
  });

  it('holds the names it locks until its transaction ends, each schema its own', async () => {
    function* holding(): Program<readonly { readonly name: string; readonly mode: string }[]> {
      yield* lock('b', 'a', 'b');
      yield* share('c');
      return yield* all(heldNames, {});
    }
    const held = await on('one').write(holding);
    expect(held.map(({ mode }) => mode)).toEqual(['ExclusiveLock', 'ExclusiveLock', 'ShareLock']);
    const ofOther = (await on('other').write(holding)).map(({ name }) => name);
    expect(held.some(({ name }) => ofOther.includes(name))).toBe(false);
    expect(await on('one').write(() => all(heldNames, {}))).toEqual([]);
  });
});
