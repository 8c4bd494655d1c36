import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sqlite } from '@posthorn/backend-sqlite';
import { type RecordingAdapter, recordingAdapter } from '@posthorn/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Log } from '../ports/index.ts';
import { createPosthorn, type Posthorn } from '../posthorn.ts';
import { emailTo } from './salon.test-kit.ts';

const quiet = (): void => undefined;
const LOG: Log = { debug: quiet, info: quiet, warn: quiet, error: quiet };

let folder: string;
const open: Posthorn[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'posthorn-'));
});
afterEach(async () => {
  for (const posthorn of open.splice(0)) await posthorn.close();
  rmSync(folder, { recursive: true, force: true });
});

/** As a module that is loaded once more makes it: on the same file, in the same process. */
function load(): { posthorn: Posthorn; email: RecordingAdapter } {
  const email = recordingAdapter({ channel: 'email' });
  const posthorn = createPosthorn({
    backend: sqlite(join(folder, 'messages.db')),
    adapters: [email],
    secrets: { current: 'k1', keys: { k1: 'a key for tests, which keeps no secret at all' } },
    log: LOG,
  });
  open.push(posthorn);
  return { posthorn, email };
}

describe('a host that reloads its modules', () => {
  it('has one worker: the last that was started sends what both are given', async () => {
    const before = load();
    await before.posthorn.identities.save({ key: 'salon', channel: 'email', address: 'hej@salonsol.dk' });
    await before.posthorn.start();
    const after = load();
    await after.posthorn.start();
    for (const { posthorn } of [before, after]) await posthorn.send(emailTo('anna@example.dk'));
    await expect.poll(() => after.email.sent.length, { timeout: 5_000 }).toBe(2);
    expect(before.email.handedOver).toHaveLength(0);
  });

  it('keeps that worker when the instance before it is closed, and called once more', async () => {
    const before = load();
    await before.posthorn.identities.save({ key: 'salon', channel: 'email', address: 'hej@salonsol.dk' });
    await before.posthorn.start();
    const after = load();
    await after.posthorn.start();
    await before.posthorn.close();
    await expect(before.posthorn.start()).rejects.toMatchObject({ code: 'closed' });
    await after.posthorn.send(emailTo('anna@example.dk'));
    await expect.poll(() => after.email.sent.length, { timeout: 5_000 }).toBe(1);
  });
});
