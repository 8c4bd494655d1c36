import { StoreError } from '@posthorn/core';
import type { CompiledQuery, Kysely } from 'kysely';
import { queryBuilder } from './compile.ts';
import type { Dialect } from './dialect.ts';
import { lock } from './locks.ts';
import { firstTables } from './migrations/0001-first-tables.ts';
import { broadcastTables } from './migrations/0002-broadcasts.ts';
import { reportTables } from './migrations/0003-reports.ts';
import { subscriptionTables } from './migrations/0004-subscriptions.ts';
import { retentionTables } from './migrations/0005-retention.ts';
import { definitions } from './migrations/define-table.ts';
import { define, first, insert, insertion, type Program, statement } from './program.ts';

/** One step of the schema. Its statements run in the transaction that also records it. */
export interface Migration {
  readonly version: number;
  readonly name: string;
  statements(db: Kysely<unknown>, dialect: Dialect): readonly CompiledQuery[];
}

/** Every step so far, in order. */
export const migrations: readonly Migration[] = [
  { version: 1, name: 'first-tables', statements: firstTables },
  { version: 2, name: 'broadcasts', statements: broadcastTables },
  { version: 3, name: 'reports', statements: reportTables },
  { version: 4, name: 'subscriptions', statements: subscriptionTables },
  { version: 5, name: 'retention', statements: retentionTables },
];

const tableExists = statement((db, p: { table: string }, dialect) => ({
  compile: () => dialect.tableExists(p.table).compile(db),
}));

const latestVersion = statement((db) =>
  db.selectFrom('posthorn_migrations').select((it) => it.fn.max('version').as('version')),
);

const record = insertion('posthorn_migrations', ['version', 'name', 'applied_at']);

/**
 * Whether the tables are of this version already; reads only, so that opening needs no write lock.
 *
 * @throws StoreError `store_newer` where a newer Posthorn has been here.
 */
export function* isMigrated(steps: readonly Migration[] = migrations): Program<boolean> {
  const newest = steps.at(-1)?.version ?? 0;
  const current = (yield* currentVersion()) ?? 0;
  if (current > newest) throw newerDatabase(current, newest);
  return current === newest;
}

/** Brings the tables up to this version. In one transaction: two processes at once do it once, a crash leaves nothing. */
export function* migrate(
  dialect: Dialect,
  now: number,
  steps: readonly Migration[] = migrations,
): Program<void> {
  yield* lock('migrations');
  if (yield* isMigrated(steps)) return;
  const db = queryBuilder(dialect) as unknown as Kysely<unknown>;
  const current = yield* currentVersion();
  if (current === null && dialect.home !== null) yield* define(dialect.home.compile(db));
  if (current === null) yield* define(versionTable(db, dialect));
  for (const step of steps) {
    if (step.version <= (current ?? 0)) continue;
    for (const query of step.statements(db, dialect)) yield* define(query);
    yield* insert(record, [[step.version, step.name, now]]);
  }
}

function* currentVersion(): Program<number | null> {
  const table = yield* first(tableExists, { table: 'posthorn_migrations' });
  if (table === undefined) return null;
  const latest = yield* first(latestVersion, {});
  return latest?.version ?? 0;
}

function versionTable(db: Kysely<unknown>, dialect: Dialect): CompiledQuery {
  return definitions(db, dialect).table(
    'posthorn_migrations',
    { version: 'integer', name: 'text', applied_at: 'integer' },
    { key: ['version'] },
  );
}

function newerDatabase(current: number, newest: number): StoreError {
  return new StoreError(
    'store_newer',
    `The database holds Posthorn tables of version ${current}; this Posthorn knows them up to version ${newest}.`,
    { advice: 'Update the @posthorn packages of this process to those that the other one uses.' },
  );
}
