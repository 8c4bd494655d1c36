import { DatabaseSync } from 'node:sqlite';
import type { MessageFilter, OpenedBackend } from '@posthorn/core';
import { describe, expect, it, vi } from 'vitest';
import {
  aBroadcast,
  anId,
  aPage,
  jobsIn,
  mailing,
  NOON,
  openNew,
  outcome,
  startBroadcast,
  TENANT,
} from './broadcast.test-kit.ts';
import { messageIn } from './real-time.test-kit.ts';

/** Every message that is listed, a page at a time. */
async function listed(
  { store }: OpenedBackend,
  filter: MessageFilter,
  limit = 2,
): Promise<readonly string[]> {
  const ids: string[] = [];
  let before: { readonly createdAt: number; readonly id: string } | undefined;
  for (;;) {
    const page = await store.messages.list(
      TENANT,
      filter,
      before === undefined ? { limit } : { limit, before },
    );
    ids.push(...page.map(({ message }) => message.id));
    const last = page.at(-1);
    if (last === undefined || page.length < limit) return ids;
    before = last.message;
  }
}

/** Its messages were made at these times; another broadcast's, and single ones, between them. */
async function listedAt(
  opened: OpenedBackend,
  times: readonly number[],
): Promise<[string, readonly string[]]> {
  const { store } = opened;
  const [broadcast, other] = [aBroadcast(), aBroadcast()];
  await store.broadcasts.add(broadcast, [], []);
  await store.broadcasts.add(other, [], []);
  const ids: string[] = [];
  for (const [page, createdAt] of times.entries()) {
    const place = { expected: page === 0 ? null : { page: page - 1 }, cursor: { page } };
    for (const one of [broadcast, other]) {
      const message = mailing(one, String(page), anId(), { createdAt });
      await store.broadcasts.addPage(aPage(one, [message], place));
      if (one === broadcast) ids.push(message.message.id);
    }
    const single = messageIn(null, anId());
    await store.messages.enqueue({
      tenant: TENANT,
      key: null,
      content: [],
      files: [],
      messages: [{ ...single, message: { ...single.message, createdAt } }],
      jobs: [],
      now: NOON,
    });
  }
  return [broadcast.id, ids];
}

describe('the messages of a broadcast', () => {
  it('are listed newest first, page by page, without anybody else’s', async () => {
    const { opened } = await openNew();
    const [broadcast, ids] = await listedAt(opened, [NOON, NOON, NOON + 5, NOON + 9, NOON + 9]);
    expect(await listed(opened, { broadcast })).toEqual([...ids].reverse());
    expect(await listed(opened, { broadcast, status: ['queued'] })).toEqual([...ids].reverse());
    expect(await listed(opened, { broadcast, recipient: { source: 'customers', id: '2' } })).toEqual([
      ids[2],
    ]);
    expect(await listed(opened, { broadcast: 'unknown' })).toEqual([]);
  });

  it('are listed whole where the clock was set back while its list was made', async () => {
    const { opened } = await openNew();
    const [broadcast, ids] = await listedAt(opened, [NOON, NOON - 5_000, NOON + 7]);
    expect(await listed(opened, { broadcast })).toEqual([ids[2], ids[0], ids[1]]);
  });

  it('are listed by their statuses', async () => {
    const { opened } = await openNew();
    const { broadcast, ids } = await startBroadcast(opened.store, { size: 4 });
    await startBroadcast(opened.store, { size: 2 });
    const [bounced = '', accepted = '', failed = ''] = ids;
    const facts = [outcome(bounced, 'bounced'), outcome(accepted, 'accepted'), outcome(failed, 'failed')];
    await opened.store.messages.transition(TENANT, facts);
    const of = (...status: NonNullable<MessageFilter['status']>) =>
      listed(opened, { broadcast: broadcast.id, status });
    expect(await of('bounced')).toEqual([bounced]);
    expect(await of('bounced', 'failed')).toEqual([failed, bounced]);
    expect(await of('accepted', 'queued')).toEqual([ids[3], accepted]);
  });

  it('are looked for where they lie in time, however many others the tenant has', async () => {
    const { opened, file } = await openNew();
    const prepare = vi.spyOn(DatabaseSync.prototype, 'prepare');
    await listed(opened, { broadcast: 'one' });
    await listed(opened, { broadcast: 'one', status: ['bounced'] });
    const queries = prepare.mock.calls
      .map(([sql]) => sql)
      .filter((sql) => sql.includes('"posthorn_messages"'));
    const database = new DatabaseSync(file);
    const plans = queries.map((sql) =>
      database
        .prepare(`explain query plan ${sql}`)
        .all()
        .map(({ detail }) => String(detail)),
    );
    database.close();
    const BETWEEN = 'created_at>? AND created_at<?';
    expect(plans.map((plan) => plan.find((step) => step.includes(BETWEEN)))).toEqual([
      `SEARCH m USING INDEX posthorn_messages_by_time (tenant=? AND ${BETWEEN})`,
      `SEARCH d USING INDEX posthorn_deliveries_remarkable (tenant=? AND outcome=? AND ${BETWEEN})`,
    ]);
    expect(plans.flat().filter((step) => /^SCAN|TEMP B-TREE/.test(step))).toEqual([]);
  });

  it('are found by what they have become, in order, far apart as they may be', async () => {
    const { opened } = await openNew();
    const { store } = opened;
    const { broadcast, ids } = await startBroadcast(store, { size: 12_000 });
    const failed = [ids[0], ids[4_999], ids[5_000], ids[11_999]].map((id) => id ?? '');
    await store.messages.transition(
      TENANT,
      failed.map((id) => outcome(id, 'failed')),
    );
    const find = (limit: number, after: string | null = null) =>
      store.broadcasts.messageIds(TENANT, broadcast.id, ['failed', 'bounced'], { limit, after });
    expect(await find(10)).toEqual(failed);
    expect(await find(3)).toEqual(failed.slice(0, 3));
    expect(await find(3, failed[0])).toEqual(failed.slice(1));
    expect(await find(3, failed[3])).toEqual([]);
    expect(await find(3, 'zzz')).toEqual([]);
    expect(
      await store.broadcasts.messageIds('salon-maane', broadcast.id, ['failed'], { limit: 9, after: null }),
    ).toEqual([]);
    const empty = aBroadcast();
    await store.broadcasts.add(empty, [], []);
    expect(
      await store.broadcasts.messageIds(TENANT, empty.id, ['queued'], { limit: 9, after: null }),
    ).toEqual([]);
  });

  it('are no other tenant’s, whatever their broadcast is called', async () => {
    const { opened, file } = await openNew();
    const { store } = opened;
    const { broadcast } = await startBroadcast(store, { size: 2 });
    const tenant = 'salon-maane';
    expect(await store.broadcasts.get(tenant, broadcast.id)).toBeUndefined();
    expect(await store.broadcasts.list(tenant, { limit: 9 })).toEqual([]);
    expect(await store.broadcasts.counts(tenant, broadcast.id)).toEqual({});
    expect(await store.messages.list(tenant, { broadcast: broadcast.id }, { limit: 9 })).toEqual([]);
    const states = ['planned', 'listing', 'sending'] as const;
    expect(await store.broadcasts.change(tenant, broadcast.id, states, { state: 'canceled' }, [])).toBe(
      false,
    );
    await store.deliveries.queueDue(NOON, 100, anId);
    expect(jobsIn(file)).toHaveLength(1);
  });
});
