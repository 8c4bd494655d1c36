import { postgres } from '@posthorn/backend-postgres';
import { createPosthorn, type Posthorn, type StoredEvent } from '@posthorn/core';
import { startPostgres } from '@posthorn/postgres-server';
import { recordingAdapter } from '@posthorn/testing';
import { Client } from 'pg';
import { afterAll, expect, it, onTestFinished, vi } from 'vitest';
import { addressesOf, aMailing } from './shop.test-kit.ts';

vi.setConfig({ testTimeout: 60_000 });

const server = await startPostgres();
afterAll(() => server.close());

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

/** A database whose salon writes to guests that want nothing: each message is skipped at once. */
async function openSalon(guests: number) {
  const url = await server.createDatabase();
  const posthorn = open(url);
  await posthorn.identities.save({ key: 'salon', channel: 'email', address: 'hej@salon.dk' });
  const { addresses, message } = aMailing(guests);
  for (const email of addresses) await posthorn.suppressions.add({ email });
  return { url, posthorn, addresses, message };
}

function record(posthorn: Posthorn, into: StoredEvent[] = []): StoredEvent[] {
  posthorn.subscribe('orders', ['message.skipped'], (event) => {
    into.push(event);
  });
  return into;
}

const within = { timeout: 30_000 };

it('what a host commits late is given all the same, and nobody waits for it', async () => {
  const { url, posthorn, addresses, message } = await openSalon(2);
  const [early, late] = addresses;
  const events = record(posthorn);
  const client = new Client(url);
  await client.connect();
  onTestFinished(() => client.end());
  await client.query('begin');
  const email = { subject: 'Din tid', text: 'Hej' };
  await posthorn.send({ ...message, email, to: { email: late ?? '' }, tx: client });
  await posthorn.send({ ...message, to: { email: early ?? '' } });
  await expect.poll(() => addressesOf(events), within).toEqual([early]);
  await client.query('commit');
  await expect.poll(() => addressesOf(events), within).toEqual([early, late]);
});

it('what a host rolls back is given to nobody', async () => {
  const { url, posthorn, addresses, message } = await openSalon(2);
  const [first, second] = addresses;
  const events = record(posthorn);
  const client = new Client(url);
  await client.connect();
  onTestFinished(() => client.end());
  await client.query('begin');
  await posthorn.send({ ...message, to: { email: first ?? '' }, tx: client });
  await client.query('rollback');
  await posthorn.send({ ...message, to: { email: second ?? '' } });
  await expect.poll(() => addressesOf(events), within).toEqual([second]);
});

it('three processes share a subscription: of what all of them send at once each event is handled once', async () => {
  const { url, posthorn, message } = await openSalon(50);
  const processes = [posthorn, open(url), open(url)];
  const events: StoredEvent[] = [];
  for (const process of processes) record(process, events);
  for (const process of processes) await process.subscriptions.list();
  await Promise.all(processes.flatMap((process) => Array.from({ length: 5 }, () => process.send(message))));
  await expect.poll(() => events.length, within).toBe(750);
  expect(new Set(events.map(({ id }) => id)).size).toBe(750);
  await expect.poll(() => posthorn.subscriptions.list(), within).toMatchObject([{ waiting: 0 }]);
});
