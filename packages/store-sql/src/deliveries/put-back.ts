import type { JobRecord } from '@posthorn/core';
import { lockChunk } from '../locks.ts';
import { all, type Program, statement } from '../program.ts';

const release = statement((db, p: { chunk: string; token: string; dueAt: number }) =>
  db
    .updateTable('posthorn_deliveries')
    .set({ chunk: null, lease_token: null, due_at: p.dueAt })
    .where('chunk', '=', p.chunk)
    .where('lease_token', '=', p.token)
    .where('work', '=', 'queued')
    .returning('message_id'),
);

export function* putBack({ chunk }: JobRecord, token: string, dueAt: number): Program<number> {
  yield* lockChunk(chunk);
  return (yield* all(release, { chunk, token, dueAt: Math.round(dueAt) })).length;
}
