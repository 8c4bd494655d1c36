// What a commit costs that survives a power cut (`synchronous=FULL`) against one that may not (`NORMAL`), by size of the
// transaction:
//   node --conditions=@posthorn/source packages/backend-sqlite/src/durability.test-bench.ts [folder on the disk to measure]
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { JobRecord, Store, Transition } from '@posthorn/core';
import {
  createCompiler,
  createSqlStore,
  dropJob,
  isTaken,
  migrate,
  pushJobs,
  sqliteDialect,
} from '@posthorn/store-sql';
import { createConnection, type Durability, openDatabase, useWriteAheadLog } from './connection.ts';
import { messageIn } from './real-time.test-kit.ts';

const SIZES = [1, 10, 100, 500];
const ROUNDS = 40;

let lastId = 0;
const STEPS = ['enqueue', 'lease', 'begin', 'settle'] as const;

type Step = (typeof STEPS)[number];

for (const size of SIZES) {
  for (const durability of ['full', 'normal'] as const) {
    const times = await measure(durability, size);
    const columns = STEPS.map((step) => `${step} ${median(times[step]).toFixed(2)} ms`.padEnd(18));
    const perMessage = STEPS.reduce((sum, step) => sum + median(times[step]), 0) / size;
    process.stdout.write(
      `${String(size).padStart(4)} messages  ${durability.padEnd(7)} ${columns.join(' ')} ${(perMessage * 1_000).toFixed(1)} µs each\n`,
    );
  }
}

async function measure(durability: Durability, size: number): Promise<Record<Step, number[]>> {
  const folder = mkdtempSync(join(process.argv[2] ?? tmpdir(), 'posthorn-'));
  const database = await openDatabase(join(folder, 'messages.db'));
  useWriteAheadLog(database);
  const connection = createConnection(database, createCompiler(sqliteDialect));
  connection.write(migrate(sqliteDialect, 0), 'full');
  const store = createSqlStore(
    {
      read: async (program) => connection.read(program()),
      write: async (program) => connection.write(program(), durability),
      writeRelaxed: async (program) => connection.write(program(), 'normal'),
    },
    { push: pushJobs, isTaken, drop: dropJob },
  );
  const times: Record<Step, number[]> = { enqueue: [], lease: [], begin: [], settle: [] };
  for (let round = 0; round < ROUNDS; round += 1) await oneRound(store, size, times);
  connection.close();
  rmSync(folder, { recursive: true });
  return times;
}

/** The way of one chunk through the store. */
async function oneRound(
  { messages, deliveries }: Store,
  size: number,
  times: Record<Step, number[]>,
): Promise<void> {
  const now = Date.now();
  const chunk = randomUUID();
  const job: JobRecord = {
    id: randomUUID(),
    kind: 'messages',
    tenant: 'default',
    account: 'smtp',
    accountTenant: '$platform',
    chunk,
    priority: 0,
  };
  const rows = Array.from({ length: size }, () => messageIn(chunk, orderedId()));
  const batch = { tenant: 'default', key: null, content: [], files: [], messages: rows, jobs: [job], now };
  const begin = rows.map(({ message }) => ({ tenant: 'default', messageId: message.id, token: 'token' }));
  const settle = rows.map(
    ({ message }): Transition => ({
      event: {
        id: orderedId(),
        tenant: 'default',
        messageId: message.id,
        type: 'accepted',
        attempt: 1,
        occurredAt: now,
        recordedAt: now,
        reason: null,
        failure: null,
        detail: {},
      },
      when: { work: ['sending'], token: 'token', attempt: 1 },
      work: { work: 'done', dueAt: null },
      otherwise: 'record',
    }),
  );
  const turn = { now, limits: null, newEventId: orderedId };
  await timed(times.enqueue, () => messages.enqueue(batch));
  await timed(times.lease, () => deliveries.lease(job, 'token', now, orderedId));
  await timed(times.begin, () => deliveries.turn({ ...turn, settle: [], begin }));
  await timed(times.settle, () => deliveries.turn({ ...turn, settle, begin: [] }));
}

async function timed(times: number[], run: () => Promise<unknown>): Promise<void> {
  const start = performance.now();
  await run();
  times.push(performance.now() - start);
}

/** Ascending, like the ids of core. */
function orderedId(): string {
  lastId += 1;
  return `0190a000-0000-7000-8000-${lastId.toString(16).padStart(12, '0')}`;
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1] ?? 0;
}
