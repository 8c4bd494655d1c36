import { join } from 'node:path';
import { sqlite } from '@posthorn/backend-sqlite';
import { type AnyAdapter, type Backend, createPosthorn, type Posthorn } from '@posthorn/core';
import { recordingAdapter } from '@posthorn/testing';
import { expect, it, onTestFinished, vi } from 'vitest';
import { openFolder } from './database.test-kit.ts';
import { turns } from './hosts.test-kit.ts';

const GUESTS = Array.from({ length: 60 }, (_, index) => ({ email: `g${index}@example.dk` }));

/** One process of a host whose account is stored, as a company's own. */
function open(backend: Backend, onSend: (posthorn: Posthorn) => void = () => undefined) {
  const email = recordingAdapter({ channel: 'email', key: 'server', features: { window: 10 } });
  const log = { debug() {}, info() {}, warn: vi.fn(), error: vi.fn() };
  const adapter: AnyAdapter = {
    ...email,
    open(settings, runtime) {
      const transport = email.open(settings as never, runtime);
      return {
        ...transport,
        send(envelopes, hooks) {
          onSend(posthorn);
          return transport.send(envelopes, hooks);
        },
      };
    },
  } as AnyAdapter;
  const posthorn: Posthorn = createPosthorn({
    backend,
    adapters: [adapter],
    secrets: { current: 'k1', keys: { k1: 'a key for tests that is long enough, 0123456789' } },
    log,
  });
  onTestFinished(() => posthorn.close());
  return { posthorn, email, log };
}

/** A database in which whoever looks for what is due waits until `answer` is called. */
function slowToScan(inner: Backend) {
  let answer: () => void = () => undefined;
  const answered = new Promise<void>((resolve) => {
    answer = resolve;
  });
  const backend: Backend = {
    ...inner,
    async open(runtime) {
      const opened = await inner.open(runtime);
      const { deliveries } = opened.store;
      const slow: typeof deliveries = {
        ...deliveries,
        queueDue: async (...given) => {
          await answered;
          return deliveries.queueDue(...given);
        },
      };
      return { ...opened, store: { ...opened.store, deliveries: slow } };
    },
  };
  return { backend, answer: () => answer() };
}

it('a process that is closed in the middle hands back the rest at once, not in a minute, however slow its database', async () => {
  const file = join(openFolder(), 'messages.db');
  const { backend, answer } = slowToScan(sqlite(file));
  let closing: Promise<void> | undefined;
  const first = open(backend, (posthorn) => {
    closing ??= posthorn.close();
  });
  await first.posthorn.accounts.save({ key: 'own', adapter: 'server', settings: {} });
  const address = 'hej@salon.dk';
  await first.posthorn.identities.save({ key: 'salon', channel: 'email', address, account: 'own' });
  const to = GUESTS.map(({ email }) => ({ email }));
  await first.posthorn.send({ to, email: { subject: 'Nyt', text: 'Vi har åbent.' } });
  await first.posthorn.start();
  await expect.poll(() => closing !== undefined).toBe(true);
  await turns(100);
  answer();
  await closing;
  expect(first.log.error.mock.calls).toEqual([]);

  const second = open(sqlite(file));
  await second.posthorn.drain({ maxMs: 30_000 });
  const { items } = await second.posthorn.messages.list({ status: ['queued', 'scheduled'], limit: 1 });
  expect(items).toEqual([]);
  expect(first.email.sent.length + second.email.sent.length).toBe(GUESTS.length);
});
