import { randomUUID } from 'node:crypto';
import { backendConformance } from '@posthorn/testing';
import { afterAll, expect, it, vi } from 'vitest';
import { createCompiler } from './compile.ts';
import { migrate } from './migrate.ts';
import { openDatabase, pglitePlace, pgliteRunner } from './pglite.test-kit.ts';
import { postgresDialect } from './postgres-dialect.ts';

// Postgres in this process takes its time.
vi.setConfig({ testTimeout: 60_000 });

/** What grows with every message; the others are small, or read as a whole on purpose. */
const WITHOUT_INDEX =
  /Seq Scan on posthorn_(messages|deliveries|events|keys|suppressions|versions|files|skeletons|version_skeletons|chunks|broadcasts|address_reports|unmatched_reports|feed|late_redactions|short_links|loose|file_uses)\b/;

const database = await openDatabase();
afterAll(() => database.close());
/** Every statement that was run, with the tables unqualified. */
const texts = new Set<string>();

await backendConformance({
  name: 'the store on Postgres',
  async open() {
    const schema = `place "${randomUUID()}"`;
    const prefix = `"${schema.replaceAll('"', '""')}".`;
    return pglitePlace(database, schema, {
      onSql: (text) => texts.add(text.replaceAll(prefix, '')),
    });
  },
});

it('no statement on Postgres needs to read a table that grows from end to end', async () => {
  const dialect = postgresDialect();
  await pgliteRunner(database, createCompiler(dialect)).write(() => migrate(dialect, 0));
  await database.exec('set search_path = posthorn; set enable_seqscan = off');
  const statements = [...texts].filter((text) => /^\s*(select|insert|update|delete|with)\b/.test(text));
  expect(statements.length).toBeGreaterThan(130);
  const scans: string[] = [];
  for (const text of statements) {
    const [explained] = await database.exec(`explain (generic_plan, costs off) ${text}`);
    const plan = (explained?.rows ?? []).flatMap((row) => Object.values(row)).join('\n');
    if (WITHOUT_INDEX.test(plan)) scans.push(`${text}\n${plan}`);
  }
  expect(scans).toEqual([]);
});
