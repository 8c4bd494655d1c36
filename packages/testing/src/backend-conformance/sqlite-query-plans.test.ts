import { DatabaseSync } from 'node:sqlite';
import { sqlite } from '@posthorn/backend-sqlite';
import { beforeAll, expect, it, onTestFinished, vi } from 'vitest';
import { createFakeClock } from '../fake-clock.ts';
import { backendLaws } from './backend-conformance.ts';
import { checkLaw } from './backend-harness.ts';
import { filePlace, placeFor } from './sqlite-places.test-kit.ts';

/** Tables that grow with every message; the others are small, or read as a whole on purpose. */
const GROWING =
  '(messages|deliveries|events|keys|suppressions|versions|files|skeletons|version_skeletons|chunks|broadcasts|address_reports|unmatched_reports|feed|late_redactions|short_links|loose|file_uses)';

/** One row of the index is read, as there is a `limit 1`. */
const FIRST_OF_INDEX =
  /^SCAN posthorn_(deliveries|chunks) USING (COVERING )?INDEX posthorn_\1_(waiting|held)$/;

const WITHOUT_INDEX = new RegExp(`^SCAN (posthorn_${GROWING}|[bcdfmvs])\\b`);

/** All that a tenant has, in the order of an index. */
const OF_TENANT = new RegExp(`^SEARCH (posthorn_${GROWING}|[bcdfmvs]) USING .* \\(tenant=\\?\\)$`);

const STOPS = /(order by .* desc|work <> 'done') limit \?$/;

let statements: readonly string[] = [];

beforeAll(async () => {
  statements = await everyStatement();
});

it('no statement reads a table that grows from end to end', async () => {
  expect(statements.length).toBeGreaterThan(80);
  const database = await migratedDatabase();
  const scans: string[] = [];
  for (const sql of statements) {
    for (const { detail } of database.prepare(`explain query plan ${sql}`).all()) {
      const step = String(detail);
      if (WITHOUT_INDEX.test(step) && !FIRST_OF_INDEX.test(step)) scans.push(`${step}\n${sql}`);
    }
  }
  expect(scans).toEqual([]);
});

it('a statement that reads all that one tenant has stops after a page', async () => {
  const database = await migratedDatabase();
  const whole: string[] = [];
  for (const sql of statements) {
    for (const { detail } of database.prepare(`explain query plan ${sql}`).all()) {
      const step = String(detail);
      if (OF_TENANT.test(step) && !STOPS.test(sql)) whole.push(`${step}\n${sql}`);
    }
  }
  expect(whole).toEqual([]);
});

it.each([
  ['rows', 'posthorn_deliveries_waiting', 'account_tenant=? AND account=? AND priority>?'],
  ['rows', 'posthorn_deliveries_waiting', 'account_tenant=? AND account>?'],
  ['rows', 'posthorn_deliveries_waiting', 'account_tenant>?'],
  ['chunks', 'posthorn_chunks_waiting', 'account_tenant=? AND account=? AND tenant=? AND broadcast>?'],
  ['chunks', 'posthorn_chunks_waiting', 'account_tenant=? AND account>?'],
  ['held rows', 'posthorn_deliveries_held', 'tenant=? AND broadcast>?'],
])('the due-scan leaps over waiting %s, however many there are: %s (%s)', async (_, index, by) => {
  const leaps = statements.filter((sql) => sql.includes('with recursive leap'));
  const database = await migratedDatabase();
  const plans = leaps.map((sql) => database.prepare(`explain query plan ${sql}`).all());
  const steps = plans.flat().map(({ detail }) => String(detail));
  expect(steps.some((step) => step.endsWith(`${index} (${by})`))).toBe(true);
});

it('a worker leaps from line to line of waiting jobs, however long each is', async () => {
  const claims = statements.filter((sql) => /from "posthorn_jobs" where "lease_token" is null/.test(sql));
  expect(claims).toHaveLength(5);
  const database = await migratedDatabase();
  const plans = claims.map((sql) => database.prepare(`explain query plan ${sql}`).all());
  const steps = plans.map((plan) => plan.map(({ detail }) => String(detail)).join('\n'));
  for (const step of steps) {
    expect(step).toMatch(
      /^SEARCH posthorn_jobs USING (COVERING )?INDEX posthorn_jobs_available \([^()]+(=|>)\?\)$/,
    );
  }
});

/** What is prepared while every law is checked. */
async function everyStatement(): Promise<readonly string[]> {
  const prepare = vi.spyOn(DatabaseSync.prototype, 'prepare');
  for (const law of backendLaws) {
    await checkLaw(law, await placeFor(law));
  }
  const texts = new Set(prepare.mock.calls.map(([sql]) => sql));
  prepare.mockRestore();
  return [...texts].filter(
    (sql) => /posthorn_/.test(sql) && /^\s*(select|insert|update|delete|with)/.test(sql),
  );
}

async function migratedDatabase(): Promise<DatabaseSync> {
  const place = await filePlace();
  const file = place.backend.location?.replace('sqlite:', '') ?? '';
  const log = { debug() {}, info() {}, warn() {}, error() {} };
  await (await sqlite(file).open({ clock: createFakeClock(), log })).close();
  const database = new DatabaseSync(file);
  onTestFinished(async () => {
    database.close();
    await place.remove();
  });
  return database;
}
