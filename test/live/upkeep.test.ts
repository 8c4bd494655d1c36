import { postgres } from '@posthorn/backend-postgres';
import { type AnyAdapter, createPosthorn, type Posthorn } from '@posthorn/core';
import { startPostgres } from '@posthorn/postgres-server';
import { recordingAdapter } from '@posthorn/testing';
import { Client } from 'pg';
import { afterAll, expect, it, onTestFinished, vi } from 'vitest';

vi.setConfig({ testTimeout: 120_000 });
const within = { timeout: 40_000 };

const server = await startPostgres();
afterAll(() => server.close());

async function openSalon(adapter: AnyAdapter = recordingAdapter({ channel: 'email', key: 'server' })) {
  const url = await server.createDatabase();
  const posthorn = open(url, adapter);
  await posthorn.identities.save({ key: 'salon', channel: 'email', address: 'hej@salon.dk' });
  return { url, posthorn };
}

function open(
  url: string,
  adapter: AnyAdapter = recordingAdapter({ channel: 'email', key: 'server' }),
): Posthorn {
  const posthorn = createPosthorn({
    backend: postgres(url),
    adapters: [adapter],
    secrets: { current: 'k1', keys: { k1: 'a key for tests that is long enough, 0123456789' } },
    log: { debug() {}, info() {}, warn() {}, error() {} },
  });
  onTestFinished(() => posthorn.close());
  return posthorn;
}

async function connect(url: string): Promise<Client> {
  const client = new Client(url);
  await client.connect();
  onTestFinished(() => client.end());
  return client;
}

const to = { email: 'anna@example.dk' };
const letter = (text: string) => ({ email: { subject: 'Din tid', text } });

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
  await posthorn.send({ to, ...letter('den første') });
  await posthorn.drain({ maxMs: 60_000 });
  const client = await connect(url);
  const before = await jobRows(client);
  for (let hundred = 0; hundred < 10; hundred += 1) {
    await Promise.all(Array.from({ length: 100 }, () => posthorn.send({ to, ...letter('Vi ses') })));
  }
  const waiting = (await jobRows(client)).job ?? 0;
  expect(waiting).toBeGreaterThanOrEqual(1_000);
  expect(await posthorn.drain({ maxMs: 100_000 })).toEqual({ finished: true });
  expect(await jobRows(client)).toEqual(before);
  expect(before.job).toBe(0);
});

it('two transactions that bring the same new contents in either order both commit', async () => {
  const { url, posthorn } = await openSalon();
  const other = open(url);
  const [one, two] = [await connect(url), await connect(url)];
  for (let round = 0; round < 5; round += 1) {
    await Promise.all([one.query('begin'), two.query('begin')]);
    const a = letter(`a${round}`);
    const b = letter(`b${round}`);
    const waiting = async () =>
      (
        await posthornLocks.query(
          "select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'",
        )
      ).rows.length;
    const posthornLocks = await connect(url);
    await posthorn.send({ to, ...a, tx: one });
    const blocked = other.send({ to, ...a, tx: two });
    // It waits for the first one's commit, as it cannot know whether that content will be there.
    await expect.poll(waiting, within).toBe(1);
    await posthorn.send({ to, ...b, tx: one });
    await one.query('commit');
    await blocked;
    await other.send({ to, ...b, tx: two });
    await two.query('commit');
  }
  expect(await posthorn.drain({ maxMs: 60_000 })).toEqual({ finished: true });
  expect((await posthorn.messages.list({ limit: 100, status: ['accepted'] })).items).toHaveLength(20);
});
