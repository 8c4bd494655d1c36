import { type ChildProcess, fork } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { join } from 'node:path';
import type { JobRecord, OpenedBackend } from '@posthorn/core';
import { describe, expect, it, onTestFinished } from 'vitest';
import { sqlite } from './index.ts';
import { messageIn, runtime, temporaryFolder, until } from './real-time.test-kit.ts';

async function openNew(): Promise<{ readonly file: string; readonly opened: OpenedBackend }> {
  const folder = temporaryFolder();
  const opened = await sqlite(folder.file).open(runtime);
  onTestFinished(async () => {
    await opened.close();
    folder[Symbol.dispose]();
  });
  return { file: folder.file, opened };
}

/** A worker in a process of its own; `sent` fills with what it has handed over. */
async function startWorker(file: string, mode: 'work' | 'hang', sent: string[]): Promise<ChildProcess> {
  const child = fork(join(import.meta.dirname, 'working.test-kit.ts'), [file, mode]);
  onTestFinished(() => void child.kill('SIGKILL'));
  const [word] = await once(child, 'message');
  child.on('message', (id) => sent.push(String(id)));
  if (word !== 'ready') sent.push(String(word));
  return child;
}

async function send({ store }: OpenedBackend, chunk: string, ids: readonly string[]): Promise<void> {
  const job: JobRecord = {
    id: randomUUID(),
    kind: 'messages',
    tenant: 'default',
    account: 'smtp',
    accountTenant: '$platform',
    chunk,
    priority: 0,
  };
  const messages = ids.map((id) => messageIn(chunk, id));
  const batch = {
    tenant: 'default',
    key: null,
    content: [],
    files: [],
    messages,
    jobs: [job],
    now: Date.now(),
  };
  await store.messages.enqueue(batch);
}

describe('several processes on one file', () => {
  it('share the work: everything is sent, nothing twice', async () => {
    const { file, opened } = await openNew();
    const sent: string[] = [];
    await Promise.all([startWorker(file, 'work', sent), startWorker(file, 'work', sent)]);
    const ids: string[] = [];
    for (let chunk = 0; chunk < 20; chunk += 1) {
      const chunkIds = [0, 1, 2].map((i) => `message-${chunk}-${i}`);
      await send(opened, `chunk-${chunk}`, chunkIds);
      ids.push(...chunkIds);
    }
    await until('the queue is empty', async () => (await opened.queue.size()) === 0);
    await until('all is told', () => sent.length >= ids.length);
    expect(sent.sort()).toEqual(ids.sort());
    const stored = await opened.store.messages.get('default', ids);
    expect(new Set(stored.map(({ delivery }) => delivery.outcome?.name))).toEqual(new Set(['accepted']));
  });

  it('lose nothing with one that is killed: another has its work at once, and only what was being sent is in doubt', async () => {
    const { file, opened } = await openNew();
    const sent: string[] = [];
    const victim = await startWorker(file, 'hang', sent);
    const ids = ['message-1', 'message-2', 'message-3'];
    await send(opened, 'chunk', ids);
    await until('it is sending', () => sent.length === 1);
    victim.kill('SIGKILL');
    await once(victim, 'exit');
    // Its lease would hold for another minute.
    await startWorker(file, 'work', sent);
    await until('the queue is empty', async () => (await opened.queue.size()) === 0);
    await until('all is told', () => sent.length >= ids.length);
    expect(sent).toEqual(ids);
    const stored = await opened.store.messages.get('default', ids);
    expect(stored.map(({ delivery }) => delivery.outcome?.name)).toEqual(['unknown', 'accepted', 'accepted']);
  });
});
