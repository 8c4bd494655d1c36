import { join } from 'node:path';
import { sqlite } from '@posthorn/backend-sqlite';
import { type AnyAdapter, arrayRecipients, createPosthorn, type Posthorn } from '@posthorn/core';
import { recordingAdapter } from '@posthorn/testing';
import { expect, it, onTestFinished, vi } from 'vitest';
import { openFolder } from './database.test-kit.ts';

const GUESTS = Array.from({ length: 200 }, (_, index) => ({ id: `${index}`, email: `g${index}@example.dk` }));

/** One process of a host whose account is stored, as a company's own. */
function open(file: string, onSend: (posthorn: Posthorn) => void = () => undefined) {
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
    backend: sqlite(file),
    adapters: [adapter],
    secrets: { current: 'k1', keys: { k1: 'a key for tests that is long enough, 0123456789' } },
    recipients: {
      guests: arrayRecipients({ label: 'Guests', rows: GUESTS, id: 'id', name: 'id', email: 'email' }),
    },
    log,
  });
  onTestFinished(() => posthorn.close());
  return { posthorn, email, log };
}

it('a process that is closed in the middle of a broadcast hands back the rest at once, not in a minute', async () => {
  const file = join(openFolder(), 'messages.db');
  let closing: Promise<void> | undefined;
  const first = open(file, (posthorn) => {
    closing ??= posthorn.close();
  });
  await first.posthorn.accounts.save({ key: 'own', adapter: 'server', settings: {} });
  await first.posthorn.identities.save({
    key: 'salon',
    channel: 'email',
    address: 'hej@salon.dk',
    account: 'own',
  });
  const to = { source: 'guests', where: { combinator: 'and', rules: [] } } as const;
  const { id } = await first.posthorn.broadcasts.plan({
    to,
    email: { subject: 'Nyt', text: 'Vi har åbent.' },
  });
  await first.posthorn.broadcasts.start(id);
  await first.posthorn.start();
  await expect.poll(() => closing !== undefined).toBe(true);
  await closing;
  expect(first.log.error.mock.calls).toEqual([]);

  const second = open(file);
  await second.posthorn.drain({ maxMs: 30_000 });
  const { items } = await second.posthorn.messages.list({ status: ['queued', 'scheduled'], limit: 1 });
  expect(items).toEqual([]);
  expect(first.email.sent.length + second.email.sent.length).toBe(GUESTS.length);
});
