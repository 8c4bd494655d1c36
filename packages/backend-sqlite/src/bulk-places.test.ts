import type { JobRecord, OpenedBackend, WorkOptions } from '@posthorn/core';
import { describe, expect, it, onTestFinished } from 'vitest';
import { anId, openNew, TENANT } from './broadcast.test-kit.ts';
import { messageIn } from './real-time.test-kit.ts';

const BULK = 10;

function aJob(parts: Partial<JobRecord>): JobRecord {
  return {
    id: anId(),
    kind: 'messages',
    tenant: TENANT,
    account: 'smtp',
    accountTenant: '$platform',
    chunk: anId(),
    priority: 0,
    ...parts,
  };
}

/** They come with a message that is never due. */
async function push({ store }: OpenedBackend, ...jobs: readonly JobRecord[]): Promise<void> {
  const { message } = messageIn(null, anId());
  const carrier = { message, work: 'scheduled', dueAt: 8e15, chunk: null, priority: 0, event: null } as const;
  const batch = { tenant: TENANT, key: null, content: [], files: [], messages: [carrier], jobs, now: 0 };
  await store.messages.enqueue(batch);
}

/** A worker whose every job hangs until the test is over. */
function hang(
  opened: OpenedBackend,
  options: Pick<WorkOptions, 'concurrency' | 'bulkPerAccount'>,
): readonly JobRecord[] {
  const inHand: JobRecord[] = [];
  let letGo: () => void = () => undefined;
  const over = new Promise<void>((resolve) => {
    letGo = resolve;
  });
  const worker = opened.queue.work(
    async (job) => {
      inHand.push(job);
      await over;
    },
    { ...options, leaseMs: 60_000, pollIntervalMs: 2 },
  );
  onTestFinished(async () => {
    letGo();
    await worker.stop();
  });
  return inHand;
}

function bulkOf(account: string, count: number): readonly JobRecord[] {
  return Array.from({ length: count }, () => aJob({ account, priority: BULK }));
}

describe('broadcasts in the queue', () => {
  it('have half of the places, and so many for one account; a single message finds another at once', async () => {
    const { opened } = await openNew();
    await push(opened, ...bulkOf('a', 9));
    const inHand = hang(opened, { concurrency: 8, bulkPerAccount: 3 });
    await expect.poll(() => inHand.map(({ account }) => account)).toEqual(['a', 'a', 'a']);
    await push(opened, ...bulkOf('b', 9));
    await expect.poll(() => inHand.map(({ account }) => account)).toEqual(['a', 'a', 'a', 'b']);
    const singles = [aJob({ account: 'a' }), aJob({ account: 'c' }), aJob({}), aJob({})];
    await push(opened, ...singles);
    await expect
      .poll(() =>
        inHand
          .slice(4)
          .map(({ id }) => id)
          .sort(),
      )
      .toEqual(singles.map(({ id }) => id));
    expect(inHand).toHaveLength(8);
  });

  it('hide no single message, of however many tenants they are', async () => {
    const { opened } = await openNew();
    const tenants = Array.from({ length: 200 }, (_, i) => `tenant-${String(i).padStart(3, '0')}`);
    const bulk = tenants.map((tenant) =>
      aJob({ tenant, accountTenant: tenant, account: 'own', priority: BULK }),
    );
    await push(opened, ...bulk, ...bulk.map((job) => ({ ...job, id: anId(), chunk: anId() })));
    const inHand = hang(opened, { concurrency: 4, bulkPerAccount: 1 });
    await expect.poll(() => inHand.length).toBe(2);
    const last = tenants.at(-1) ?? '';
    await push(opened, aJob({ tenant: last, accountTenant: last, account: 'own' }));
    await expect.poll(() => inHand.at(2)).toMatchObject({ tenant: last, priority: 0 });
  });

  it('are worked where there is one place only, after single messages', async () => {
    const { opened } = await openNew();
    await push(opened, ...bulkOf('a', 1), aJob({}), aJob({}));
    const seen: number[] = [];
    const worker = opened.queue.work(
      async ({ priority }) => {
        seen.push(priority);
      },
      { concurrency: 1, bulkPerAccount: 1, leaseMs: 60_000, pollIntervalMs: 2 },
    );
    await expect.poll(() => seen).toEqual([0, 0, BULK]);
    await worker.stop();
  });
});
