import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { acceptingAdapter } from './accepting-adapter.ts';
import { createCustomers, createSalon, sendToEverybody } from './salon.ts';

const PEOPLE = 20_000;
const ROUNDS = 50;
/** Between two rounds. */
const FORTNIGHT_MS = 14 * 86_400_000;
const MINUTE_MS = 60_000;

/** What happened to every tenth message before it was accepted. */
const GREYLISTED = JSON.stringify({
  category: 'greylisted',
  fault: 'nobody',
  reply: { code: 451, enhanced: '4.7.1', text: 'Greylisted, please come back in five minutes' },
});

/**
 * Makes the log of two years in a folder: Posthorn sends one broadcast to 20,000 customers, and its rows are written again
 * 49 times, each time a fortnight earlier. Every second time it is a broadcast with a content of its own, else single
 * messages spread over the fortnight. A million messages, by the tables and indexes that Posthorn has made.
 */
export async function makeLog(folder: string): Promise<void> {
  const customers = createCustomers(join(folder, 'salon.db'), PEOPLE);
  const file = join(folder, 'messages.db');
  const posthorn = await createSalon(customers, file, acceptingAdapter());
  await sendToEverybody(posthorn);
  await posthorn.close();
  customers.close();
  writeAgain(file);
}

function writeAgain(file: string): void {
  const database = new DatabaseSync(file);
  database.exec('PRAGMA synchronous = OFF; PRAGMA cache_size = -200000');
  database.function('earlier', { deterministic: true }, earlier);
  const indexes = database
    .prepare(
      `SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL
        AND tbl_name IN ('posthorn_messages', 'posthorn_deliveries')`,
    )
    .all();
  // Filled at once they take half the time, and look the same.
  for (const { name } of indexes) database.exec(`DROP INDEX ${name}`);
  database.exec('BEGIN; CREATE TEMP TABLE first AS SELECT * FROM posthorn_messages ORDER BY id');
  // The oldest first, as they would have been written.
  for (let round = ROUNDS - 1; round > 0; round -= 1) {
    writeRound(database, round * FORTNIGHT_MS, round % 2 === 0 ? 'broadcast' : 'single');
  }
  database.exec('DROP TABLE first; COMMIT');
  for (const { sql } of indexes) database.exec(String(sql));
  database.exec('PRAGMA wal_checkpoint(TRUNCATE)');
  database.close();
}

/** The id of what happened that much earlier: a UUIDv7 begins with its time. */
function earlier(id: unknown, ms: unknown): string {
  const text = String(id);
  const time = Number.parseInt(text.slice(0, 8) + text.slice(9, 13), 16) - Number(ms);
  const hex = time.toString(16).padStart(12, '0');
  return `${hex.slice(0, 8)}-${hex.slice(8)}${text.slice(13)}`;
}

function writeRound(database: DatabaseSync, ms: number, kind: 'broadcast' | 'single'): void {
  const isBroadcast = kind === 'broadcast';
  // A single message has a minute of its own in the fortnight, and the content that all single ones have.
  const by = isBroadcast ? `${ms}` : `(${ms} - first.rowid % 20000 * ${MINUTE_MS})`;
  const id = `earlier(first.id, ${by})`;
  const own = (column: string): string => (isBroadcast ? `earlier(${column}, ${ms})` : column);
  const join = `FROM first JOIN`;
  if (isBroadcast) writeContent(database, ms);
  copy(database, 'posthorn_messages', 'FROM first', 'first', {
    id,
    created_at: `first.created_at - ${by}`,
    version_id: own('first.version_id'),
    skeleton_id: isBroadcast ? skeletonId('first.skeleton_id', ms) : 'first.skeleton_id',
    broadcast: isBroadcast ? own('first.broadcast') : 'NULL',
  });
  copy(
    database,
    'posthorn_deliveries',
    `${join} posthorn_deliveries row ON row.message_id = first.id`,
    'row',
    {
      message_id: id,
      created_at: `row.created_at - ${by}`,
      outcome_at: `row.outcome_at - ${by}`,
      attempt: 'iif(first.rowid % 10 = 0, 2, row.attempt)',
      outcome_attempt: 'iif(first.rowid % 10 = 0, 2, row.outcome_attempt)',
      broadcast: isBroadcast ? own('row.broadcast') : 'NULL',
    },
  );
  const events = `${join} posthorn_events row ON row.message_id = first.id`;
  const event = { id: `earlier(row.id, ${by})`, message_id: id };
  copy(database, 'posthorn_events', events, 'row', {
    ...event,
    attempt: 'iif(first.rowid % 10 = 0, 2, row.attempt)',
    occurred_at: `row.occurred_at - ${by}`,
    recorded_at: `row.recorded_at - ${by}`,
  });
  const before = `${by} + 5 * ${MINUTE_MS}`;
  copy(database, 'posthorn_events', `${events} WHERE first.rowid % 10 = 0`, 'row', {
    ...event,
    id: `earlier(row.id, ${before})`,
    type: `'deferred'`,
    occurred_at: `row.occurred_at - (${before})`,
    recorded_at: `row.recorded_at - (${before})`,
    failure: `'${GREYLISTED}'`,
  });
}

/** A broadcast with a version and a skeleton of its own. */
function writeContent(database: DatabaseSync, ms: number): void {
  const broadcast = '(SELECT version_id FROM posthorn_broadcasts ORDER BY created_at DESC LIMIT 1)';
  const skeleton = `(SELECT skeleton_id FROM posthorn_version_skeletons WHERE version_id = ${broadcast})`;
  const of = (table: string, where: string): string => `FROM ${table} row WHERE ${where}`;
  const skeletons = of('posthorn_skeletons', `row.id = ${skeleton}`);
  copy(database, 'posthorn_skeletons', skeletons, 'row', { id: skeletonId('row.id', ms) });
  const links = of('posthorn_version_skeletons', `row.version_id = ${broadcast}`);
  copy(database, 'posthorn_version_skeletons', links, 'row', {
    version_id: `earlier(row.version_id, ${ms})`,
    skeleton_id: skeletonId('row.skeleton_id', ms),
  });
  const versions = of('posthorn_versions', `row.id = ${broadcast}`);
  copy(database, 'posthorn_versions', versions, 'row', {
    id: `earlier(row.id, ${ms})`,
    number: `row.number + ${ms / FORTNIGHT_MS}`,
    created_at: `row.created_at - ${ms}`,
  });
  const broadcasts = of('posthorn_broadcasts', '1 ORDER BY row.created_at DESC LIMIT 1');
  copy(database, 'posthorn_broadcasts', broadcasts, 'row', {
    id: `earlier(row.id, ${ms})`,
    version_id: `earlier(row.version_id, ${ms})`,
    created_at: `row.created_at - ${ms}`,
    first_created_at: `row.first_created_at - ${ms}`,
    last_created_at: `row.last_created_at - ${ms}`,
    first_message: `earlier(row.first_message, ${ms})`,
    last_message: `earlier(row.last_message, ${ms})`,
  });
}

/** A hash like the one that was, with the round in its last digits. */
function skeletonId(column: string, ms: number): string {
  return `substr(${column}, 1, 60) || '${(ms / FORTNIGHT_MS).toString(16).padStart(4, '0')}'`;
}

/** Inserts rows that are as those of `alias`, but for some columns. */
function copy(
  database: DatabaseSync,
  table: string,
  from: string,
  alias: string,
  changed: Readonly<Record<string, string>>,
): void {
  const columns = database.prepare(`SELECT name FROM pragma_table_info('${table}')`).all();
  const values = columns.map(({ name }) => changed[String(name)] ?? `${alias}.${String(name)}`);
  database.exec(`INSERT INTO ${table} SELECT ${values.join(', ')} ${from}`);
}
