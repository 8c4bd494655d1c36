import { expect, it } from 'vitest';
import type { Context, Opened } from '../context.ts';
import type { JobHandler, JobRecord } from '../ports/index.ts';
import { WORKER_DEFAULTS } from './run-worker.ts';
import { createJobHandler } from './work-job.ts';

const JOB: JobRecord = {
  id: 'job',
  kind: 'broadcast',
  tenant: 'salon',
  account: 'mail',
  accountTenant: '$platform',
  chunk: 'broadcast-1',
  priority: 10,
};
const LEASE = { token: 'token', signal: new AbortController().signal };

function handlerWith(broadcasts: JobHandler) {
  const leased: string[] = [];
  const deliveries = {
    async lease({ chunk }: JobRecord) {
      leased.push(chunk);
      return { rows: [], lost: [] };
    },
  };
  const handler = createJobHandler({
    context: { clock: { now: () => 0 } } as Context,
    opened: { store: { deliveries } } as unknown as Opened,
    laneOf: () => {
      throw new Error('Nothing is to leave.');
    },
    broadcasts,
  });
  return { handler, leased };
}

it('a broadcast’s own job goes to who works broadcasts, with its lease; its chunk is no messages’', async () => {
  const worked: unknown[] = [];
  const { handler, leased } = handlerWith(async (...given) => {
    worked.push(given);
  });
  await handler(JOB, LEASE);
  expect(worked).toEqual([[JOB, LEASE]]);
  expect(leased).toEqual([]);
});

it('a job of messages does not', async () => {
  const { handler, leased } = handlerWith(() => Promise.reject(new Error('No broadcast.')));
  await handler({ ...JOB, kind: 'messages', chunk: 'chunk-1' }, LEASE);
  expect(leased).toEqual(['chunk-1']);
});

it('where nobody works broadcasts the job is refused, so that the queue keeps it', async () => {
  const { handler } = handlerWith(WORKER_DEFAULTS.broadcasts);
  await expect(handler(JOB, LEASE)).rejects.toThrow('Nobody works broadcasts here.');
});
