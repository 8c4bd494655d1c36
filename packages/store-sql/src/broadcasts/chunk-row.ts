import type { BroadcastChunk, ListPage, NewMessage } from '@posthorn/core';
import { type SqlBool, sql } from 'kysely';
import { isWaiting } from '../deliveries/delivery-row.ts';
import { each, type Program, statement } from '../program.ts';

// The conditions of the partial indexes of `posthorn_chunks`, to be repeated literally.

/** It has no job yet, or its job found that it has to wait. */
export const isChunkWaiting = sql<SqlBool>`job is null`;
/** Its job is in the queue. From the lease on there is no row: its messages are a chunk like any other. */
export const isChunkQueued = sql<SqlBool>`job is not null`;

interface NewChunk {
  chunk: string;
  tenant: string;
  broadcast: string;
  accountTenant: string;
  account: string;
  priority: number;
  size: number;
}

/** One that an earlier page began is filled up. */
const addChunk = statement((db, p: NewChunk) =>
  db
    .insertInto('posthorn_chunks')
    .values({
      chunk: p.chunk,
      tenant: p.tenant,
      broadcast: p.broadcast,
      account_tenant: p.accountTenant,
      account: p.account,
      priority: p.priority,
      size: p.size,
    })
    .onConflict((conflict) =>
      conflict.column('chunk').doUpdateSet((it) => ({
        size: it('posthorn_chunks.size', '+', it.ref('excluded.size')),
      })),
    ),
);

/** The chunks that these messages wait in; one that nobody waits in is left out. */
export function* addChunks(
  { tenant, broadcast, chunks }: Pick<ListPage, 'tenant' | 'broadcast' | 'chunks'>,
  messages: readonly NewMessage[],
): Program<void> {
  const waiting = Map.groupBy(
    messages.filter(({ work }) => isWaiting(work)),
    ({ chunk }) => chunk,
  );
  yield* each(
    addChunk,
    chunks.flatMap(({ chunk, accountTenant, account }: BroadcastChunk): NewChunk[] => {
      const own = waiting.get(chunk);
      if (own?.[0] === undefined) return [];
      const { priority } = own[0];
      return [{ chunk, tenant, broadcast, accountTenant, account, priority, size: own.length }];
    }),
  );
}
