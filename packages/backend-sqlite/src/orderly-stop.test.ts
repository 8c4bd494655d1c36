import { DatabaseSync } from 'node:sqlite';
import type { JobHandler, JobRecord, OpenedBackend, QueueWorker } from '@posthorn/core';
import { expect, it } from 'vitest';
import { aBroadcast, anId, openNew, TENANT } from './broadcast.test-kit.ts';

const LONG: JobRecord = {
  id: anId(),
  kind: 'broadcast',
  tenant: TENANT,
  account: '$broadcasts',
  accountTenant: TENANT,
  chunk: anId(),
  priority: 0,
};

/** Works the queue until the handler has the job; answers the worker. */
async function work({ queue }: OpenedBackend, handler: JobHandler): Promise<QueueWorker> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const worker = queue.work(
    (job, lease) => {
      resolve();
      return handler(job, lease);
    },
    { concurrency: 1, leaseMs: 60_000, pollIntervalMs: 5 },
  );
  await promise;
  return worker;
}

const untilStopped: JobHandler = (_, { signal }) =>
  new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason)));

it('a job that many workers had to leave in the middle has not failed, and is taken again at once', async () => {
  const { opened, file } = await openNew();
  const record = aBroadcast({ id: LONG.chunk, state: 'planned' });
  await opened.store.broadcasts.add(record, [], []);
  await opened.store.broadcasts.change(TENANT, record.id, ['planned'], { state: 'listing' }, [LONG]);
  for (let stops = 0; stops < 5; stops += 1) await (await work(opened, untilStopped)).stop();

  const database = new DatabaseSync(file, { readOnly: true });
  const row = database.prepare('SELECT failures, lease_token FROM posthorn_jobs').get();
  database.close();
  expect(row).toEqual({ failures: 0, lease_token: null });
});
