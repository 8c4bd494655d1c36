import type { PGlite } from '@electric-sql/pglite';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createCompiler } from './compile.ts';
import { migrate } from './migrate.ts';
import { openDatabase, pgliteRunner } from './pglite.test-kit.ts';
import { postgresDialect } from './postgres-dialect.ts';
import { all, each, insert, insertion, type Program, statement } from './program.ts';
import type { Runner } from './runner.ts';
import type { SegmentRow } from './schema.ts';

const insertSegments = insertion('posthorn_segments', [
  'tenant',
  'key',
  'label',
  'source',
  'query',
  'created_at',
  'updated_at',
]);

const insertKept = insertion('posthorn_segments', insertSegments.columns as (keyof SegmentRow)[], {
  keepExisting: true,
});

const everySegment = statement((db) => db.selectFrom('posthorn_segments').selectAll().orderBy('key'));

const byLabels = statement((db, p: { labels: string }, dialect) =>
  db
    .selectFrom('posthorn_segments')
    .select('key')
    .where('label', 'in', dialect.each(p.labels))
    .orderBy('key'),
);

const relabel = statement((db, p: { key: string; label: string | null; updatedAt: number }) =>
  db
    .updateTable('posthorn_segments')
    .set((it) => ({ label: p.label, updated_at: it('created_at', '+', p.updatedAt) }))
    .where('key', '=', p.key)
    .where('source', 'in', ['customers', 'staff']),
);

const addTo = statement((db, p: { tenant: string; broadcast: string; status: string; messages: number }) =>
  db
    .insertInto('posthorn_broadcast_counts')
    .values({ tenant: p.tenant, broadcast: p.broadcast, status: p.status, messages: p.messages })
    .onConflict((conflict) =>
      conflict.columns(['tenant', 'broadcast', 'status']).doUpdateSet((it) => ({
        messages: it('posthorn_broadcast_counts.messages', '+', it.ref('excluded.messages')),
      })),
    ),
);

const everyCount = statement((db) =>
  db.selectFrom('posthorn_broadcast_counts').select(['status', 'messages']).orderBy('status'),
);

const clear = statement((db) => db.deleteFrom('posthorn_segments'));

/** Texts that an array's own marks, escapes and words could be mistaken for. */
const text = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc
    .array(fc.constantFrom('"', '\\', '{', '}', ',', 'NULL', ' ', '\n', "'", '\0', '\ud800', 'ø'))
    .map((it) => it.join('')),
);

/** What no text of Postgres can hold. */
function stored(value: string): string {
  return value.replaceAll('\0', '\ufffd').toWellFormed();
}

function nameOf(index: number): string {
  return String(index).padStart(5, '0');
}

describe('many rows in one statement of Postgres', () => {
  let database: PGlite;
  let runner: Runner;

  beforeAll(async () => {
    database = await openDatabase();
    const dialect = postgresDialect();
    runner = pgliteRunner(database, createCompiler(dialect));
    await runner.write(() => migrate(dialect, 0));
  });

  afterAll(() => database.close());

  function segmentsAfter(program: () => Program<void>) {
    return runner.write(function* () {
      yield* all(clear, {});
      yield* program();
      return yield* all(everySegment, {});
    });
  }

  function rowOf(label: string | null, index: number) {
    return ['a', nameOf(index), label, 'customers', '{}', index, 2 ** 53 - 1 - index] as const;
  }

  it('come back as they were, whatever is in their texts', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.option(text), { maxLength: 20 }), async (labels) => {
        const rows = await segmentsAfter(() => insert(insertSegments, labels.map(rowOf)));
        expect(rows.map((row) => row.label)).toEqual(labels.map((label) => label && stored(label)));
        expect(rows.map((row) => row.updated_at)).toEqual(labels.map((_, i) => 2 ** 53 - 1 - i));
      }),
      { numRuns: 100 },
    );
  });

  it('are found by a list of texts, whatever is in them; what cannot be stored is not found', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(text, { maxLength: 20 }), fc.array(text), async (labels, others) => {
        await segmentsAfter(() => insert(insertSegments, labels.map(rowOf)));
        const asked = [...labels, ...others];
        const found = await runner.read(() => all(byLabels, { labels: JSON.stringify(asked) }));
        const expected = labels.map((label, i) => (asked.includes(stored(label)) ? nameOf(i) : null));
        expect(found.map(({ key }) => key)).toEqual(expected.filter((key) => key !== null));
      }),
      { numRuns: 100 },
    );
  });

  it('are as many as there are, in however many statements', async () => {
    const rows = await segmentsAfter(() =>
      insert(
        insertSegments,
        Array.from({ length: 2_001 }, (_, i) => rowOf(null, i)),
      ),
    );
    expect(rows.map(({ key }) => key)).toEqual(Array.from({ length: 2_001 }, (_, i) => nameOf(i)));
  });

  it('are changed each by its own values', async () => {
    const changed = await segmentsAfter(function* () {
      yield* insert(insertSegments, ['x', 'y', 'z'].map(rowOf));
      yield* each(relabel, [
        { key: nameOf(2), label: null, updatedAt: 40 },
        { key: nameOf(0), label: '"new\\', updatedAt: 50 },
        { key: 'not there', label: 'lost', updatedAt: 60 },
      ]);
    });
    expect(changed.map(({ label }) => label)).toEqual(['"new\\', 'y', null]);
    expect(changed.map(({ updated_at }) => updated_at)).toEqual([50, 2 ** 53 - 2, 42]);
  });

  it('are added to what is there, or stay what is there, as the statement says', async () => {
    const counts = await runner.write(function* () {
      const count = (status: string, messages: number) => ({ tenant: 'a', broadcast: 'b', status, messages });
      yield* each(addTo, [count('queued', 5), count('sending', 1)]);
      yield* each(addTo, [count('accepted', 1), count('queued', -2)]);
      return yield* all(everyCount, {});
    });
    expect(counts).toEqual([
      { status: 'accepted', messages: 1 },
      { status: 'queued', messages: 3 },
      { status: 'sending', messages: 1 },
    ]);
    const kept = await segmentsAfter(function* () {
      yield* insert(insertKept, ['first', 'second'].map(rowOf));
      yield* insert(insertKept, ['again', 'again', 'third'].map(rowOf));
    });
    expect(kept.map(({ label }) => label)).toEqual(['first', 'second', 'third']);
  });
});
