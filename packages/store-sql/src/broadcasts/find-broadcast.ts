import type { BroadcastRecord, BroadcastStore } from '@posthorn/core';
import { all, first, type Program, statement } from '../program.ts';
import { broadcastOf } from './broadcast-row.ts';

type Page = Parameters<BroadcastStore['list']>[1];

const byId = statement((db, p: { tenant: string; id: string }) =>
  db.selectFrom('posthorn_broadcasts').selectAll().where('tenant', '=', p.tenant).where('id', '=', p.id),
);

export function* getBroadcast(tenant: string, id: string): Program<BroadcastRecord | undefined> {
  const row = yield* first(byId, { tenant, id });
  return row && broadcastOf(row);
}

/** Newest first; the order is that of (createdAt, id). */
export function* listBroadcasts(tenant: string, page: Page): Program<readonly BroadcastRecord[]> {
  return (yield* all(newestOf(page), { tenant })).map(broadcastOf);
}

function newestOf({ limit, before }: Page) {
  return statement((db, p: { tenant: string }) => {
    let query = db.selectFrom('posthorn_broadcasts').selectAll().where('tenant', '=', p.tenant);
    if (before !== undefined) {
      query = query.where((it) =>
        it(it.refTuple('created_at', 'id'), '<', it.tuple(before.createdAt, before.id)),
      );
    }
    return query.orderBy('created_at', 'desc').orderBy('id', 'desc').limit(limit);
  });
}
