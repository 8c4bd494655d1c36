import { join } from 'node:path';
import { sqlite } from '@posthorn/backend-sqlite';
import { arrayRecipients, createPosthorn, type RecipientSource } from '@posthorn/core';
import { recordingAdapter } from '@posthorn/testing';
import { expect, it, onTestFinished } from 'vitest';
import { openFolder } from '../database.test-kit.ts';

/** One process of a host, on the file that all of them share. */
function openProcess(file: string, recipients: Readonly<Record<string, RecipientSource>>) {
  const email = recordingAdapter({ channel: 'email', key: 'server' });
  const posthorn = createPosthorn({
    backend: sqlite(file),
    adapters: [email],
    recipients,
    secrets: { current: 'k1', keys: { k1: 'a key for tests that is long enough, 0123456789' } },
    log: { debug() {}, info() {}, warn() {}, error() {} },
  });
  onTestFinished(() => posthorn.close());
  return { posthorn, email };
}

it('a worker that is still of a version without the source leaves the broadcast to those that have it', async () => {
  const file = join(openFolder(), 'messages.db');
  const rows = [{ id: '1', name: 'Anna', email: 'anna@example.dk' }];
  const guests = arrayRecipients({ label: 'Guests', rows, id: 'id', name: 'name', email: 'email' });
  const { posthorn, email } = openProcess(file, { guests });
  const old = openProcess(file, {});
  await posthorn.identities.save({ key: 'salon', channel: 'email', address: 'hej@salon.dk' });
  const to = { source: 'guests', where: { combinator: 'and', rules: [] } } as const;
  const { id } = await posthorn.broadcasts.plan({ to, email: { subject: 'Nyt', text: 'Vi har åbent.' } });
  await posthorn.broadcasts.start(id);

  const view = () => posthorn.broadcasts.get(id);
  await old.posthorn.start();
  await expect.poll(view).toMatchObject({ status: 'listing', failure: { code: 'unknown_source' } });
  await old.posthorn.close();

  expect(await posthorn.drain({ maxMs: 30_000 })).toEqual({ finished: true });
  expect(await view()).toMatchObject({ status: 'finished', failure: null });
  expect(email.sent.map((message) => message.to)).toEqual(['anna@example.dk']);
});
