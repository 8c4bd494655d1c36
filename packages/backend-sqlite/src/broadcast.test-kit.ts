import { DatabaseSync } from 'node:sqlite';
import type {
  BroadcastChange,
  BroadcastRecord,
  JobRecord,
  ListPage,
  NewMessage,
  OpenedBackend,
  Store,
  Transition,
} from '@posthorn/core';
import { onTestFinished } from 'vitest';
import { sqlite } from './index.ts';
import { messageIn, runtime, temporaryFolder } from './real-time.test-kit.ts';

// Broadcasts as core would write them, on a real file.

export const TENANT = 'default';
export const NOON = Date.UTC(2026, 10, 27, 12);

let lastId = 0;

/** Ascending, like the ids of core. */
export function anId(): string {
  lastId += 1;
  return `0190a000-0000-7000-8000-${lastId.toString(16).padStart(12, '0')}`;
}

/** A new database, opened as often as there are names: each is a process of its own to the others. */
export async function openNew(): Promise<{
  readonly file: string;
  readonly opened: OpenedBackend;
  open(): Promise<OpenedBackend>;
}> {
  const folder = temporaryFolder();
  onTestFinished(() => folder[Symbol.dispose]());
  const open = async (): Promise<OpenedBackend> => {
    const opened = await sqlite(folder.file).open(runtime);
    onTestFinished(() => opened.close());
    return opened;
  };
  return { file: folder.file, opened: await open(), open };
}

export function aBroadcast(parts: Partial<BroadcastRecord> = {}): BroadcastRecord {
  return {
    tenant: TENANT,
    id: anId(),
    label: null,
    state: 'listing',
    pausedAt: null,
    template: 'storm',
    versionId: 'version-1',
    input: { template: 'storm' },
    sealedData: 'v1.k1.sealed',
    plan: { total: 3 },
    startAt: null,
    maxCost: null,
    cursor: null,
    firstMessage: null,
    lastMessage: null,
    failure: null,
    createdAt: NOON,
    startedAt: NOON,
    listedAt: null,
    endedAt: null,
    ...parts,
  };
}

/** A message of a broadcast to one customer; `chunk` null makes it a skipped one. */
export function mailing(
  broadcast: Pick<BroadcastRecord, 'id' | 'tenant'>,
  customer: string,
  chunk: string | null,
  parts: Partial<NewMessage['message']> = {},
): NewMessage {
  const { message } = messageIn(null, anId());
  const own = {
    ...message,
    tenant: broadcast.tenant,
    broadcast: broadcast.id,
    recipient: { source: 'customers', id: customer },
    createdAt: NOON,
    ...parts,
  };
  if (chunk !== null) {
    return { message: own, work: 'queued', dueAt: NOON, chunk, priority: 10, event: null };
  }
  const event = {
    id: anId(),
    tenant: own.tenant,
    messageId: own.id,
    type: 'skipped',
    attempt: 0,
    occurredAt: NOON,
    recordedAt: NOON,
    reason: 'no_address',
    failure: null,
    detail: {},
  } as const;
  return { message: own, work: 'done', dueAt: null, chunk: null, priority: 10, event };
}

/** A page whose messages lie in chunks of the platform's account. */
export function aPage(
  broadcast: BroadcastRecord,
  messages: readonly NewMessage[],
  parts: Partial<ListPage> = {},
): ListPage {
  const chunks = new Set(messages.map(({ chunk }) => chunk).filter((chunk) => chunk !== null));
  return {
    tenant: broadcast.tenant,
    broadcast: broadcast.id,
    expected: null,
    cursor: { page: 1 },
    messages,
    chunks: [...chunks].map((chunk) => ({ chunk, account: 'smtp', accountTenant: '$platform' })),
    end: null,
    now: NOON,
    ...parts,
  };
}

/** What a complete list becomes. */
export const COMPLETE: BroadcastChange = { state: 'sending', listedAt: NOON };

/** A broadcast that is `sending`, with so many chunks of so many customers. */
export async function startBroadcast(
  store: Store,
  { chunks = 1, size = 2, ...parts }: { chunks?: number; size?: number } & Partial<BroadcastRecord> = {},
  message: Partial<NewMessage['message']> = {},
): Promise<{ readonly broadcast: BroadcastRecord; readonly ids: readonly string[] }> {
  const broadcast = aBroadcast(parts);
  await store.broadcasts.add(broadcast, [], []);
  const messages: NewMessage[] = [];
  for (let i = 0; i < chunks; i += 1) {
    const chunk = anId();
    for (let n = 0; n < size; n += 1) messages.push(mailing(broadcast, `${i}-${n}`, chunk, message));
  }
  const { account = 'smtp', accountTenant = '$platform' } = message;
  const page = aPage(broadcast, messages, { end: COMPLETE });
  await store.broadcasts.addPage({
    ...page,
    chunks: page.chunks.map(({ chunk }) => ({ chunk, account, accountTenant })),
  });
  return { broadcast, ids: messages.map((it) => it.message.id) };
}

/** The jobs in the queue, by priority and age. */
export function jobsIn(file: string): readonly JobRecord[] {
  const database = new DatabaseSync(file);
  const rows = database.prepare('select * from posthorn_jobs order by priority, id').all();
  database.close();
  return rows.map((row) => ({
    id: String(row.id),
    kind: row.kind === 'broadcast' ? 'broadcast' : 'messages',
    tenant: String(row.tenant),
    account: String(row.account),
    accountTenant: String(row.account_tenant),
    chunk: String(row.chunk),
    priority: Number(row.priority),
  }));
}

/** Leases a job's rows and begins them all; answers the ids of those that began. */
export async function beginAll(
  { deliveries }: Store,
  job: JobRecord,
  now = NOON,
): Promise<readonly string[]> {
  const token = `token of ${job.id}`;
  const { rows } = await deliveries.lease(job, token, now, anId);
  const begin = rows.map(({ message: { tenant, id } }) => ({ tenant, messageId: id, token }));
  const { begun } = await deliveries.turn({ now, limits: null, settle: [], begin, newEventId: anId });
  return begun.map(({ messageId }) => messageId);
}

/** What became of a message that was being sent. */
export function outcome(
  messageId: string,
  type: Transition['event']['type'],
  parts: Partial<Transition> & { readonly attempt?: number } = {},
): Transition {
  const { attempt = 1, ...rest } = parts;
  return {
    event: {
      id: anId(),
      tenant: TENANT,
      messageId,
      type,
      attempt,
      occurredAt: NOON,
      recordedAt: NOON,
      reason: null,
      failure: null,
      detail: {},
    },
    when: {},
    work: { work: 'done', dueAt: null },
    otherwise: 'record',
    ...rest,
  };
}
