import { sql } from 'kysely';
import { holdLock, type Program, statement } from './program.ts';

// What keeps programs apart where the database lets several write at once, which is Postgres: only there are these
// statements run. Each reads what is committed as it begins, so what is locked first is seen as it will stay.
//
// In this order, so that no two wait for each other: names of set-up, addresses and scans; deliveries by id; broadcasts;
// limits; counts last of all.

const exclusively = statement((db, p: { names: string }, dialect) => ({
  compile: () =>
    sql`select count(pg_advisory_xact_lock(hashtextextended(${dialect.schema} || name.value, 0)))
      from ${dialect.each(p.names)} as name`.compile(db),
}));

const together = statement((db, p: { names: string }, dialect) => ({
  compile: () =>
    sql`select count(pg_advisory_xact_lock_shared(hashtextextended(${dialect.schema} || name.value, 0)))
      from ${dialect.each(p.names)} as name`.compile(db),
}));

const byIds = statement((db, p: { ids: string }, dialect) =>
  db
    .selectFrom('posthorn_deliveries')
    .select('message_id')
    .where('message_id', 'in', dialect.each(p.ids))
    .orderBy('message_id')
    .forUpdate(),
);

const byChunk = statement((db, p: { chunk: string }) =>
  db
    .selectFrom('posthorn_deliveries')
    .select('message_id')
    .where('chunk', '=', p.chunk)
    .orderBy('message_id')
    .forUpdate(),
);

/** One transaction at a time holds a name, whether or not there is a row for it. */
export function* lock(...names: readonly string[]): Program<void> {
  if (names.length > 0) yield* holdLock(exclusively, { names: inOrder(names) });
}

/** Many may share a name; who wants it for itself waits for them, and they for it: neither side can starve the other. */
export function* share(...names: readonly string[]): Program<void> {
  if (names.length > 0) yield* holdLock(together, { names: inOrder(names) });
}

/** `ids`: a JSON array. */
export function* lockDeliveries(ids: string): Program<void> {
  yield* holdLock(byIds, { ids });
}

export function* lockChunk(chunk: string): Program<void> {
  yield* holdLock(byChunk, { chunk });
}

/** Accounts, identities and segments of a tenant: changed by hand, one at a time. */
export function setUpOf(tenant: string): string {
  return `set-up ${tenant}`;
}

/** Held by whatever changes a broadcast, and shared by whatever begins its messages: after a pause nothing begins. */
export function broadcastName(tenant: string, id: string): string {
  return `broadcast ${tenant} ${id}`;
}

const BUCKETS = 64;

/** The same few names for however many addresses, as a database has room for so many locks only. */
export function addressName(purpose: 'marks' | 'count', tenant: string, addressKey: string): string {
  let hash = 0;
  for (let i = 0; i < addressKey.length; i += 1) hash = (Math.imul(hash, 31) + addressKey.charCodeAt(i)) | 0;
  return `${purpose} ${tenant} ${(hash >>> 0) % BUCKETS}`;
}

function inOrder(names: readonly string[]): string {
  return JSON.stringify([...new Set(names)].sort());
}
