import assert from 'node:assert/strict';
import type {
  BroadcastChange,
  BroadcastRecord,
  JobRecord,
  MessageRecord,
  OpenedBackend,
  Store,
} from '@posthorn/core';
import { type BackendBench, watch } from './backend-harness.ts';
import { aBroadcast, aMailing, aPage, COMPLETE } from './broadcast-records.ts';
import { anId, NOON } from './records.ts';

// What laws of broadcasts do on their way.

interface BroadcastSize extends Partial<BroadcastRecord> {
  readonly chunks?: number;
  /** People in a chunk. */
  readonly size?: number;
}

/** A broadcast with a complete list of one page; `message` is what all of its messages have. */
export async function sendBroadcast(
  { store }: Pick<OpenedBackend, 'store'>,
  { chunks = 1, size = 2, ...parts }: BroadcastSize = {},
  message: Partial<MessageRecord> = {},
): Promise<{ readonly broadcast: BroadcastRecord; readonly ids: readonly string[] }> {
  const broadcast = aBroadcast(parts);
  await store.broadcasts.add(broadcast, [], []);
  const messages = Array.from({ length: chunks }, anId).flatMap((chunk) =>
    Array.from({ length: size }, () => aMailing(broadcast, chunk, message)),
  );
  assert.equal(await store.broadcasts.addPage(aPage(broadcast, messages, { end: COMPLETE })), 'added');
  return { broadcast, ids: messages.map((it) => it.message.id) };
}

/** It is on its way, and becomes something else. */
export async function alter(
  store: Store,
  { tenant, id }: Pick<BroadcastRecord, 'tenant' | 'id'>,
  change: BroadcastChange,
): Promise<void> {
  const changed = await store.broadcasts.change(tenant, id, ['listing', 'sending'], change, []);
  assert.equal(changed, true, 'the broadcast was on its way');
}

export function scan({ deliveries }: Store, now = NOON) {
  return deliveries.queueDue(now, 100, anId);
}

/** The jobs that wait in the queue, by priority and age; they go on waiting. */
export async function waitingJobs(
  { until }: Pick<BackendBench, 'until'>,
  { queue }: OpenedBackend,
): Promise<readonly JobRecord[]> {
  const jobs: JobRecord[] = [];
  const worker = queue.work(
    async (job, { signal }) => {
      jobs.push(job);
      await new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
    },
    { concurrency: 1_000, leaseMs: 10_000, pollIntervalMs: 20 },
  );
  await until('every job is seen', async () => jobs.length >= (await queue.size()));
  const stopped = watch(worker.stop());
  await until('the jobs are given back', stopped.isSettled);
  return jobs;
}

/** The one job that waits. */
export async function onlyJob(bench: BackendBench, opened: OpenedBackend): Promise<JobRecord> {
  const jobs = await waitingJobs(bench, opened);
  assert.equal(jobs.length, 1, 'one job waits');
  return jobs[0] as JobRecord;
}

/** Works every job that waits, with nothing left to do for any. */
export async function endJobs(
  { until }: Pick<BackendBench, 'until'>,
  { queue }: OpenedBackend,
): Promise<void> {
  const worker = queue.work(async () => undefined, { concurrency: 10, leaseMs: 10_000, pollIntervalMs: 100 });
  await until('every job is done', async () => (await queue.size()) === 0);
  const stopped = watch(worker.stop());
  await until('the worker stops', stopped.isSettled);
}
