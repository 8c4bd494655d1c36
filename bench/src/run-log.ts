import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { acceptingAdapter } from './accepting-adapter.ts';
import type { LogTimes } from './log-latency.ts';
import { readJob, report } from './run-apart.ts';
import { createSalon } from './salon.ts';

const WARM_UP = 200;
const CALLS = 2_000;

// Asks a log what became of messages and of people, by chance, one after the other.
const folder = readJob<string>();
const file = join(folder, 'messages.db');
const asked = WARM_UP + CALLS;
const messages = pick(file, 'posthorn_messages', 'id', asked);
const recipients = pick(join(folder, 'salon.db'), 'customers', 'id', asked);

const customers = new DatabaseSync(join(folder, 'salon.db'));
const posthorn = await createSalon(customers, file, acceptingAdapter());
const times: LogTimes = {
  timeline: await timesOf(messages, async (id) => {
    const entries = await posthorn.messages.timeline(id);
    return entries.length > 1;
  }),
  recipient: await timesOf(recipients, async (id) => {
    const { items } = await posthorn.messages.list({ recipient: { source: 'customers', id } });
    return items.length === 50;
  }),
};
await posthorn.close();
customers.close();
report(times);

/** In ms, without those of the warm-up. */
async function timesOf(ids: readonly string[], ask: (id: string) => Promise<boolean>): Promise<number[]> {
  const all: number[] = [];
  for (const id of ids) {
    const startedAt = performance.now();
    const isThere = await ask(id);
    all.push(performance.now() - startedAt);
    if (!isThere) throw new Error(`The log does not say what it should of ${id}.`);
  }
  return all.slice(WARM_UP);
}

/** Of random rows. */
function pick(file: string, table: string, column: string, count: number): readonly string[] {
  const database = new DatabaseSync(file, { readOnly: true });
  const last = Number(database.prepare(`SELECT max(rowid) AS last FROM ${table}`).get()?.last);
  const row = database.prepare(`SELECT ${column} AS value FROM ${table} WHERE rowid = ?`);
  const values = Array.from({ length: count }, () =>
    String(row.get(1 + Math.floor(Math.random() * last))?.value),
  );
  database.close();
  return values;
}
