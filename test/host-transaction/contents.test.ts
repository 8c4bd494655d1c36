import { postgres } from '@posthorn/backend-postgres';
import { createPosthorn, type Posthorn } from '@posthorn/core';
import { startPostgres } from '@posthorn/postgres-server';
import { recordingAdapter } from '@posthorn/testing';
import { Client } from 'pg';
import { afterAll, expect, it, onTestFinished, vi } from 'vitest';

vi.setConfig({ testTimeout: 60_000 });
const within = { timeout: 40_000 };

const server = await startPostgres();
afterAll(() => server.close());

async function openSalon() {
  const url = await server.createDatabase();
  const posthorn = open(url);
  await posthorn.identities.save({ key: 'salon', channel: 'email', address: 'hej@salon.dk' });
  return { url, posthorn };
}

/** One process: an instance with connections of its own. */
function open(url: string): Posthorn {
  const posthorn = createPosthorn({
    backend: postgres(url),
    adapters: [recordingAdapter({ channel: 'email', key: 'server' })],
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

it('two transactions that bring the same new content wait for each other, and both commit', async () => {
  const { url, posthorn } = await openSalon();
  const other = open(url);
  const [one, two, looking] = [await connect(url), await connect(url), await connect(url)];
  const waiting = async () => {
    const { rows } = await looking.query(
      "select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'",
    );
    return rows.length;
  };
  for (let round = 0; round < 5; round += 1) {
    await Promise.all([one.query('begin'), two.query('begin')]);
    const [a, b] = [letter(`a${round}`), letter(`b${round}`)];
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

it('two transactions that bring the same new contents the other way around: one commits whole, the other is told to be repeated', async () => {
  const { url, posthorn } = await openSalon();
  const [one, two] = [await connect(url), await connect(url)];
  await Promise.all([one.query('begin'), two.query('begin')]);
  const send = (text: string, tx: Client) => posthorn.send({ to, ...letter(text), tx });
  await send('a', one);
  await send('b', two);
  const end = async (text: string, client: Client) => {
    try {
      await send(text, client);
    } catch (error) {
      await client.query('rollback');
      throw error;
    }
    await client.query('commit');
  };
  const ends = await Promise.allSettled([end('b', one), end('a', two)]);
  expect(ends.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
  const refused = ends.find(({ status }) => status === 'rejected');
  expect(refused).toMatchObject({ reason: { code: 'store_busy', path: 'tx' } });
  expect(await posthorn.drain({ maxMs: 30_000 })).toEqual({ finished: true });
  expect((await posthorn.messages.list()).items).toHaveLength(2);
});
