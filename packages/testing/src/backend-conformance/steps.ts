import assert from 'node:assert/strict';
import type {
  JobRecord,
  MessageRecord,
  NewMessage,
  OpenedBackend,
  Store,
  StoredMessage,
} from '@posthorn/core';
import { aBatch, aJob, aMessage, anId, NOON, queued } from './records.ts';

// What several laws do on their way.

/** One message on its own, in the chunk of a job that waits in the queue. */
export async function sendOne(
  { store }: OpenedBackend,
  parts: Partial<MessageRecord> = {},
): Promise<{ readonly message: MessageRecord; readonly job: JobRecord }> {
  const { messages, job } = await sendChunk({ store }, [aMessage(parts)]);
  const [message] = messages;
  assert(message !== undefined);
  return { message, job };
}

export async function sendChunk(
  { store }: Pick<OpenedBackend, 'store'>,
  messages: readonly MessageRecord[],
): Promise<{ readonly messages: readonly MessageRecord[]; readonly job: JobRecord }> {
  const { tenant, account, accountTenant } = messages[0] ?? aMessage();
  const job = aJob({ tenant, account, accountTenant });
  const rows = messages.map((message) => queued(message, { chunk: job.chunk }));
  const result = await store.messages.enqueue(aBatch(rows, { tenant, jobs: [job] }));
  assert.equal(result.status, 'written');
  return { messages, job };
}

/** Messages that wait for the due-scan. */
export async function wait(store: Store, ...rows: readonly NewMessage[]): Promise<void> {
  for (const row of rows) await store.messages.enqueue(aBatch([row], { tenant: row.message.tenant }));
}

export async function stored(
  store: Store,
  { tenant, id }: Pick<MessageRecord, 'tenant' | 'id'>,
): Promise<StoredMessage> {
  const [found] = await store.messages.get(tenant, [id]);
  assert(found !== undefined, 'the message is there');
  return found;
}

/** Leases the job's rows and marks them `sending`. */
export async function begin(
  store: Store,
  job: JobRecord,
  token: string,
  now = NOON,
): Promise<readonly string[]> {
  const { rows } = await store.deliveries.lease(job, token, now, anId);
  return beginRows(store, rows, token, now);
}

export async function beginRows(
  store: Store,
  rows: readonly StoredMessage[],
  token: string,
  now = NOON,
): Promise<readonly string[]> {
  const wanted = rows.map(({ message }) => ({ tenant: message.tenant, messageId: message.id, token }));
  const turn = await store.deliveries.turn({
    now,
    limits: null,
    settle: [],
    begin: wanted,
    newEventId: anId,
  });
  return turn.begun.map(({ messageId }) => messageId);
}

/** Takes every job there is out of the queue at once, and answers them in the order in which they came. */
export function collectJobs({ queue }: OpenedBackend): JobRecord[] {
  const jobs: JobRecord[] = [];
  queue.work(
    async (job) => {
      jobs.push(job);
    },
    { concurrency: 1, leaseMs: 10_000, pollIntervalMs: 100 },
  );
  return jobs;
}

export function idsOf(messages: readonly StoredMessage[]): readonly string[] {
  return messages.map(({ message }) => message.id);
}
