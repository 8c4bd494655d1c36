import type { JobRecord } from '@posthorn/core';
import { sql } from 'kysely';
import type { LimitedAccount, Rooms } from '../limits/rooms.ts';
import { all, each, first, type Program, statement } from '../program.ts';
import { isChunkQueued, isChunkWaiting } from './chunk-row.ts';
import { MAX_QUEUED, type WaitingChunks } from './waiting-chunks.ts';

/** The most chunks that one scan queues, so that no transaction is held long. */
const MAX_CHUNKS = 500;

type Account = { accountTenant: string; account: string };

type Oldest = Account & { tenant: string; broadcast: string; limit: number };

/** One that is being dropped, as its broadcast has ended, gets no job. */
const oldest = statement((db, p: Oldest, dialect) =>
  dialect.passLocked(
    db
      .selectFrom('posthorn_chunks')
      .select(['chunk', 'priority', 'size'])
      .where(isChunkWaiting)
      .where('account_tenant', '=', p.accountTenant)
      .where('account', '=', p.account)
      .where('tenant', '=', p.tenant)
      .where('broadcast', '=', p.broadcast)
      .orderBy('chunk')
      .limit(p.limit),
  ),
);

const queuedSize = statement((db, p: Account) =>
  db
    .selectFrom('posthorn_chunks')
    .select(sql<number | null>`cast(sum(size) as bigint)`.as('size'))
    .where(isChunkQueued)
    .where('account_tenant', '=', p.accountTenant)
    .where('account', '=', p.account),
);

const giveJob = statement((db, p: { chunk: string; job: string }) =>
  db.updateTable('posthorn_chunks').set({ job: p.job }).where('chunk', '=', p.chunk),
);

interface Feed {
  readonly jobs: readonly JobRecord[];
  /** How many messages they have. */
  readonly rows: number;
}

/** Makes jobs of the oldest chunks of each, as far as the queue and the account's limits have room for them. */
export function* feedChunks(
  waiting: readonly WaitingChunks[],
  rooms: Rooms,
  newId: () => string,
): Program<Feed> {
  const share = Math.max(1, Math.floor(MAX_CHUNKS / Math.max(1, waiting.length)));
  const jobs: JobRecord[] = [];
  const known = new Set<string>();
  let rows = 0;
  // Those that have the least in the queue come first.
  for (const line of [...waiting].sort((a, b) => a.queued - b.queued)) {
    if (jobs.length >= MAX_CHUNKS) break;
    const { account_tenant: accountTenant, account, tenant, broadcast, queued } = line;
    yield* countQueued(line, rooms, known);
    const limit = Math.min(share, MAX_QUEUED - queued);
    const chunks = yield* all(oldest, { accountTenant, account, tenant, broadcast, limit });
    for (const { chunk, priority, size } of chunks) {
      if (rooms.of(line) <= 0 || jobs.length >= MAX_CHUNKS) break;
      rooms.take(line, size);
      rows += size;
      jobs.push({ id: newId(), kind: 'messages', chunk, accountTenant, account, tenant, priority });
    }
  }
  yield* each(
    giveJob,
    jobs.map(({ chunk, id: job }) => ({ chunk, job })),
  );
  return { jobs, rows };
}

/** What is in the queue already takes its part of the room, once. */
function* countQueued(account: LimitedAccount, rooms: Rooms, known: Set<string>): Program<void> {
  const { account_tenant: accountTenant, account: key, room } = account;
  const name = `${accountTenant}\n${key}`;
  if (room === null || known.has(name)) return;
  known.add(name);
  rooms.take(account, (yield* first(queuedSize, { accountTenant, account: key }))?.size ?? 0);
}
