import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { sqlite } from '@posthorn/backend-sqlite';
import { createPosthorn } from '@posthorn/core';
import { recordingAdapter } from '@posthorn/testing';
import { expect, it, onTestFinished } from 'vitest';
import { openFolder } from './database.test-kit.ts';

function open(file: string) {
  const email = recordingAdapter({ channel: 'email', key: 'server' });
  const posthorn = createPosthorn({
    backend: sqlite(file),
    adapters: [email],
    secrets: { current: 'k1', keys: { k1: 'a key for tests that is long enough, 0123456789' } },
    log: { debug() {}, info() {}, warn() {}, error() {} },
  });
  onTestFinished(() => posthorn.close());
  return { posthorn, email };
}

it('a backup is restored as docs/operations.md says: what had left since then does not leave again, the rest does', async () => {
  const folder = openFolder();
  const file = join(folder, 'messages.db');
  const backup = join(folder, 'backup.db');
  const before = open(file);
  await before.posthorn.identities.save({ key: 'salon', channel: 'email', address: 'hej@salon.dk' });
  const send = (name: string) =>
    before.posthorn.send({
      to: { email: `${name}@example.dk` },
      email: { subject: 'Din tid', text: 'Vi ses' },
    });
  await send('anna');
  const late = await send('bo');
  await before.posthorn.accounts.pause('server', { message: 'The backup is made.' });
  const handle = new DatabaseSync(file);
  handle.exec(`vacuum into '${backup}'`);
  handle.close();
  await before.posthorn.messages.cancel(late.id);
  await before.posthorn.accounts.resume('server');
  await before.posthorn.drain({ maxMs: 10_000 });
  expect(before.email.sent.map(({ to }) => to)).toEqual(['anna@example.dk']);
  await before.posthorn.close();

  const { posthorn, email } = open(backup);
  await posthorn.accounts.pause('server', { message: 'Restored.' });
  const { items } = await posthorn.messages.list({ status: ['queued', 'scheduled', 'sending'] });
  expect(items).toHaveLength(2);
  for (const { id, to } of items) {
    if (before.email.sent.some((sent) => sent.to === to.address)) await posthorn.messages.cancel(id);
  }
  await posthorn.accounts.resume('server');
  await posthorn.drain({ maxMs: 10_000 });
  expect(email.sent.map(({ to }) => to)).toEqual(['bo@example.dk']);
});
