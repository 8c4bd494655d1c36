import { postgres } from '@posthorn/backend-postgres';
import { createPosthorn } from '@posthorn/core';
import { startPostgres } from '@posthorn/postgres-server';
import { recordingAdapter } from '@posthorn/testing';
import { Client } from 'pg';
import { afterAll, expect, it, onTestFinished, vi } from 'vitest';

vi.setConfig({ testTimeout: 60_000 });

const server = await startPostgres();
afterAll(() => server.close());

it('two transactions that bring the same new contents the other way around: one commits whole, the other is told to be repeated', async () => {
  const url = await server.createDatabase();
  const posthorn = createPosthorn({
    backend: postgres(url),
    adapters: [recordingAdapter({ channel: 'email', key: 'server' })],
    secrets: { current: 'k1', keys: { k1: 'a key for tests that is long enough, 0123456789' } },
    log: { debug() {}, info() {}, warn() {}, error() {} },
  });
  onTestFinished(() => posthorn.close());
  await posthorn.identities.save({ key: 'salon', channel: 'email', address: 'hej@salon.dk' });
  const [one, two] = [new Client(url), new Client(url)];
  for (const client of [one, two]) {
    await client.connect();
    onTestFinished(() => client.end());
    await client.query('begin');
  }
  const send = (text: string, tx: Client) =>
    posthorn.send({ to: { email: 'anna@example.dk' }, email: { subject: 'Din tid', text }, tx });
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
