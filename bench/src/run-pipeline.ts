import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { sendgrid } from '@posthorn/adapter-sendgrid';
import { smtp } from '@posthorn/adapter-smtp';
import type { AnyAdapter } from '@posthorn/core';
import { Client } from 'pg';
import { acceptingAdapter } from './accepting-adapter.ts';
import { accountAt } from './outgoing.ts';
import type { PipelineJob, PipelineRun } from './pipeline.ts';
import { readJob, report } from './run-apart.ts';
import { createCustomers, createSalon, planForEverybody, sendPlanned } from './salon.ts';
import { startStopwatch } from './stopwatch.ts';

const WARM_UP = 3_000;
const LOG = `SELECT count(*) AS accepted, max(recorded_at) AS last FROM posthorn_events WHERE type = 'accepted'`;

// The subject: Posthorn as a host runs it, in one process, from the start of a broadcast to the last outcome in the log.
const { folder, databases, people, by, port } = readJob<PipelineJob>();
const warmUp = await send('warm-up', WARM_UP, databases?.[0]);
const measured = await send('messages', people, databases?.[1]);
const run: PipelineRun = { ...measured, sent: warmUp.accepted + measured.accepted };
report(run);

async function send(
  name: string,
  count: number,
  database = join(folder, `${name}.db`),
): Promise<Omit<PipelineRun, 'sent'>> {
  const customers = createCustomers(join(folder, `${name}-salon.db`), count);
  const posthorn = await createSalon(customers, database, adapterBy());
  const plan = await planForEverybody(posthorn, 'appointment');
  await posthorn.start();
  const startedAt = Date.now();
  const stop = startStopwatch();
  await sendPlanned(posthorn, plan);
  const { cpuSeconds } = stop();
  await posthorn.close();
  customers.close();
  const { accepted, last } = await readLog(database);
  return { database, accepted, seconds: (last - startedAt) / 1000, cpuSeconds };
}

function adapterBy(): AnyAdapter {
  if (by === 'smtp') return smtp(accountAt(port));
  if (by === 'sendgrid') return sendgrid({ apiKey: 'SG.bench', baseUrl: `http://127.0.0.1:${port}` });
  return acceptingAdapter();
}

/** Progress is told a few times a second; the log knows when the last one was written down. */
async function readLog(database: string): Promise<{ readonly accepted: number; readonly last: number }> {
  const row = database.startsWith('postgres:') ? await askPostgres(database) : askSqlite(database);
  return { accepted: Number(row?.accepted), last: Number(row?.last) };
}

function askSqlite(file: string) {
  const database = new DatabaseSync(file, { readOnly: true });
  const row = database.prepare(LOG).get();
  database.close();
  return row;
}

async function askPostgres(url: string) {
  const client = new Client({ connectionString: url, options: '-c search_path=posthorn' });
  await client.connect();
  const { rows } = await client.query(LOG);
  await client.end();
  return rows[0];
}
