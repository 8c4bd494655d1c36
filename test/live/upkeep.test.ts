import { postgres } from '@posthorn/backend-postgres';
import { createPosthorn } from '@posthorn/core';
import { startPostgres } from '@posthorn/postgres-server';
import { recordingAdapter } from '@posthorn/testing';
import { Client } from 'pg';
import { afterAll, expect, it, onTestFinished, vi } from 'vitest';

vi.setConfig({ testTimeout: 120_000 });

const server = await startPostgres();
afterAll(() => server.close());

async function openSalon() {
  const url = await server.createDatabase();
  const posthorn = createPosthorn({
    backend: postgres(url),
    adapters: [recordingAdapter({ channel: 'email', key: 'server' })],
    secrets: { current: 'k1', keys: { k1: 'a key for tests that is long enough, 0123456789' } },
    log: { debug() {}, info() {}, warn() {}, error() {} },
  });
  onTestFinished(() => posthorn.close());
  await posthorn.identities.save({ key: 'salon', channel: 'email', address: 'hej@salon.dk' });
  return { url, posthorn };
}

async function connect(url: string): Promise<Client> {
  const client = new Client(url);
  await client.connect();
  onTestFinished(() => client.end());
  return client;
}

const to = { email: 'anna@example.dk' };
const letter = { email: { subject: 'Din tid', text: 'Vi ses' } };

/** How many rows each of pg-boss's tables has. */
async function jobRows(client: Client): Promise<Record<string, number>> {
  const { rows } = await client.query(
    "select tablename from pg_tables where schemaname = 'posthorn_jobs' order by tablename",
  );
  const counts: Record<string, number> = {};
  for (const { tablename } of rows) {
    const counted = await client.query(`select count(*)::int as rows from posthorn_jobs."${tablename}"`);
    counts[tablename] = counted.rows[0].rows;
  }
  return counts;
}

it('of a thousand jobs that were worked, nothing is left in the tables of the queue', async () => {
  const { url, posthorn } = await openSalon();
  await posthorn.send({ to, ...letter });
  await posthorn.drain({ maxMs: 60_000 });
  const client = await connect(url);
  const before = await jobRows(client);
  for (let hundred = 0; hundred < 10; hundred += 1) {
    await Promise.all(Array.from({ length: 100 }, () => posthorn.send({ to, ...letter })));
  }
  const waiting = (await jobRows(client)).job ?? 0;
  expect(waiting).toBeGreaterThanOrEqual(1_000);
  expect(await posthorn.drain({ maxMs: 100_000 })).toEqual({ finished: true });
  expect(await jobRows(client)).toEqual(before);
  expect(before.job).toBe(0);
});
