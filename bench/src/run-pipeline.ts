import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { sendgrid } from '@posthorn/adapter-sendgrid';
import { smtp } from '@posthorn/adapter-smtp';
import type { AnyAdapter } from '@posthorn/core';
import { acceptingAdapter } from './accepting-adapter.ts';
import { accountAt } from './outgoing.ts';
import type { PipelineJob, PipelineRun } from './pipeline.ts';
import { readJob, report } from './run-apart.ts';
import { createCustomers, createSalon, planForEverybody, sendPlanned } from './salon.ts';
import { startStopwatch } from './stopwatch.ts';

const WARM_UP = 3_000;

// The subject: Posthorn as a host runs it, in one process, from the start of a broadcast to the last outcome in the log.
const { folder, people, by, port } = readJob<PipelineJob>();
const warmUp = await send('warm-up', WARM_UP);
const measured = await send('messages', people);
const run: PipelineRun = { ...measured, sent: warmUp.accepted + measured.accepted };
report(run);

async function send(name: string, count: number): Promise<Omit<PipelineRun, 'sent'>> {
  const file = join(folder, `${name}.db`);
  const customers = createCustomers(join(folder, `${name}-salon.db`), count);
  const posthorn = await createSalon(customers, file, adapterBy());
  const plan = await planForEverybody(posthorn, 'appointment');
  await posthorn.start();
  const startedAt = Date.now();
  const stop = startStopwatch();
  await sendPlanned(posthorn, plan);
  const { cpuSeconds } = stop();
  await posthorn.close();
  customers.close();
  const { accepted, last } = readLog(file);
  return { file, accepted, seconds: (last - startedAt) / 1000, cpuSeconds };
}

function adapterBy(): AnyAdapter {
  if (by === 'smtp') return smtp(accountAt(port));
  if (by === 'sendgrid') return sendgrid({ apiKey: 'SG.bench', baseUrl: `http://127.0.0.1:${port}` });
  return acceptingAdapter();
}

/** Progress is told a few times a second; the log knows when the last one was written down. */
function readLog(file: string): { readonly accepted: number; readonly last: number } {
  const database = new DatabaseSync(file, { readOnly: true });
  const row = database
    .prepare(
      `SELECT count(*) AS accepted, max(recorded_at) AS last FROM posthorn_events WHERE type = 'accepted'`,
    )
    .get();
  database.close();
  return { accepted: Number(row?.accepted), last: Number(row?.last) };
}
