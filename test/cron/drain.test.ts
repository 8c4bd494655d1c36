import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { sqlite } from '@posthorn/backend-sqlite';
import { type AnyAdapter, createPosthorn } from '@posthorn/core';
import { recordingAdapter } from '@posthorn/testing';
import { afterEach, beforeEach, expect, it } from 'vitest';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'cron-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** A server that answers when it is told to. */
function slowAdapter() {
  const taken = Promise.withResolvers<void>();
  const released = Promise.withResolvers<void>();
  const adapter: AnyAdapter = {
    ...recordingAdapter({ channel: 'email' }),
    open: () => ({
      features: { maxBatch: 1, window: 1, attachments: true, reports: 'none', tracking: false },
      async send(batch, { onOutcome }) {
        taken.resolve();
        await released.promise;
        for (const { messageId } of batch) onOutcome(messageId, { status: 'accepted' });
      },
      verify: async () => ({ ok: true, message: 'fine', steps: [] }),
      close: async () => undefined,
    }),
  };
  return { adapter, taken: taken.promise, release: released.resolve };
}

it('a cron job that waits for another process to finish stays until its time is up', async () => {
  const file = join(folder, 'messages.db');
  const { adapter, taken, release } = slowAdapter();
  const posthorn = createPosthorn({
    backend: sqlite(file),
    adapters: [adapter],
    secrets: { current: 'k1', keys: { k1: 'abcdefghijklmnopqrstuvwxyz0123456789' } },
  });
  await posthorn.identities.save({ key: 'salon', channel: 'email', address: 'hello@example.com' });
  await posthorn.start();
  await posthorn.send({
    channel: 'email',
    to: { email: 'anna@example.com' },
    email: { subject: 'Hello', text: 'Hello' },
  });
  await taken;

  const job = join(import.meta.dirname, 'cron-job.test-kit.ts');
  const child = spawn(process.execPath, ['--conditions=@posthorn/source', job, file], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  expect(await text(child.stdout)).toBe('finished: false\n');

  release();
  await posthorn.close();
});
