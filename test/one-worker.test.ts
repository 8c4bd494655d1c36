import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sqlite } from '@posthorn/backend-sqlite';
import { createPosthorn, type Posthorn } from '@posthorn/core';
import { createFakeClock, type FakeClock, type RecordingAdapter, recordingAdapter } from '@posthorn/testing';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { turns } from './hosts.test-kit.ts';

/** A module that makes a Posthorn and starts it is loaded twice, as development servers do. */

interface Loaded {
  readonly posthorn: Posthorn;
  readonly email: RecordingAdapter;
  readonly warnings: string[];
}

let folder: string;
let clock: FakeClock;
const loaded: Loaded[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'posthorn-'));
  clock = createFakeClock();
});
afterEach(async () => {
  for (const { posthorn } of loaded.splice(0)) await posthorn.close();
  rmSync(folder, { recursive: true, force: true });
});

async function load(): Promise<Loaded> {
  const email = recordingAdapter({ channel: 'email' });
  const warnings: string[] = [];
  const quiet = (): void => undefined;
  const posthorn = createPosthorn({
    backend: sqlite(join(folder, 'messages.db')),
    adapters: [email],
    secrets: { current: 'k1', keys: { k1: 'abcdefghijklmnopqrstuvwxyz0123456789' } },
    clock,
    log: { debug: quiet, info: quiet, warn: (message) => warnings.push(message), error: quiet },
  });
  await posthorn.identities.save({ key: 'salon', channel: 'email', address: 'hej@salonsol.dk' });
  const module = { posthorn, email, warnings };
  loaded.push(module);
  return module;
}

const message = { to: { email: 'anna@example.dk' }, email: { subject: 'Hej', text: 'Hej' } };

async function pass(): Promise<void> {
  await turns(50);
  clock.advance(1_000);
  await turns(50);
}

/** Lets time pass until it has happened. */
async function passing<T>(happening: Promise<T>): Promise<T> {
  let happened = false;
  const end = (): void => {
    happened = true;
  };
  happening.then(end, end);
  while (!happened) await pass();
  return happening;
}

it('has one worker, the last one started, and a warning that says why', async () => {
  const first = await load();
  await first.posthorn.start();
  const second = await load();
  await second.posthorn.start();
  expect(first.warnings).toEqual([]);
  expect(second.warnings).toEqual([expect.stringContaining('reloaded')]);
  await first.posthorn.send(message);
  await pass();
  expect([first.email.sent.length, second.email.sent.length]).toEqual([0, 1]);
});

it('works again in the first, once the second is closed and the first is started anew', async () => {
  const first = await load();
  await first.posthorn.start();
  const second = await load();
  await second.posthorn.start();
  await second.posthorn.close();
  await first.posthorn.start();
  await first.posthorn.send(message);
  await pass();
  expect(first.email.sent).toHaveLength(1);
});

it('keeps the worker of the second when the first is closed, and called once more', async () => {
  const first = await load();
  await first.posthorn.start();
  const second = await load();
  await second.posthorn.start();
  await first.posthorn.close();
  await expect(first.posthorn.start()).rejects.toMatchObject({ code: 'closed' });
  await expect(first.posthorn.drain({ maxMs: 1_000 })).rejects.toMatchObject({ code: 'closed' });
  await second.posthorn.send(message);
  await pass();
  expect(second.email.sent).toHaveLength(1);
  expect(first.warnings).toEqual([]);
});

it('keeps its worker where the other one only drains, or waits for an answer', async () => {
  const worker = await load();
  await worker.posthorn.start();
  const other = await load();
  const waited = await passing(other.posthorn.send({ ...message, wait: 'accepted' }));
  expect(waited.status).toBe('accepted');
  await other.posthorn.send(message);
  expect(await passing(other.posthorn.drain({ maxMs: 60_000 }))).toEqual({ finished: true });
  expect([worker.email.sent.length, other.email.sent.length]).toEqual([2, 0]);
  expect(other.warnings).toEqual([]);
});

it('starts once, however often it is told to', async () => {
  const { posthorn, email, warnings } = await load();
  await Promise.all([posthorn.start(), posthorn.start()]);
  await posthorn.start();
  await posthorn.send(message);
  await pass();
  expect([email.sent.length, warnings.length]).toEqual([1, 0]);
});
