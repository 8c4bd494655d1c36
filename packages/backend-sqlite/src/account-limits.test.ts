import type { AccountLimits, OpenedBackend, TurnResult } from '@posthorn/core';
import { describe, expect, it } from 'vitest';
import { anId, jobsIn, NOON, openNew, startBroadcast, TENANT } from './broadcast.test-kit.ts';
import { messageIn } from './real-time.test-kit.ts';

const PLATFORM = { account: 'smtp', accountTenant: '$platform' } as const;
const PER_MINUTE: AccountLimits = { perMinute: 3 };
/** A second is the shortest stretch in which uses of a minute are counted. */
const OPENS_AT = NOON + 61_000;

/** Single messages in a chunk, leased; answers what begins them. */
async function leased({ store }: OpenedBackend, count: number, account = PLATFORM) {
  const chunk = anId();
  const messages = Array.from({ length: count }, () => messageIn(chunk, anId()));
  const job = { id: anId(), kind: 'messages', tenant: TENANT, ...account, chunk, priority: 0 } as const;
  await store.messages.enqueue({
    tenant: TENANT,
    key: null,
    content: [],
    files: [],
    messages,
    jobs: [job],
    now: NOON,
  });
  await store.deliveries.lease(job, 'token', NOON, anId);
  const ids = messages.map(({ message }) => message.id);
  const begin = async (now: number, wanted = ids, limits = PER_MINUTE, by = store): Promise<TurnResult> =>
    by.deliveries.turn({
      now,
      limits: { ...account, limits },
      settle: [],
      begin: wanted.map((messageId) => ({ tenant: TENANT, messageId, token: 'token' })),
      newEventId: anId,
    });
  return { ids, job, begin };
}

function idsOf({ begun }: TurnResult): readonly string[] {
  return begun.map(({ messageId }) => messageId);
}

describe('an account with limits', () => {
  it('begins as many as they have room for, in order, and says when the others may', async () => {
    const { opened } = await openNew();
    const { ids, begin } = await leased(opened, 5);
    const first = await begin(NOON);
    expect(idsOf(first)).toEqual(ids.slice(0, 3));
    expect(first.limited).toEqual(ids.slice(3));
    expect(await opened.store.deliveries.opensAt('$platform', 'smtp')).toBe(OPENS_AT);
    const waiting = await opened.store.messages.get(TENANT, ids.slice(3));
    expect(waiting.map(({ delivery }) => [delivery.work, delivery.attempt])).toEqual([
      ['queued', 0],
      ['queued', 0],
    ]);
    expect((await begin(OPENS_AT - 1, ids.slice(3))).begun).toEqual([]);
    const second = await begin(OPENS_AT, ids.slice(3));
    expect(idsOf(second)).toEqual(ids.slice(3));
    expect(second.limited).toEqual([]);
    expect(await opened.store.deliveries.opensAt('$platform', 'smtp')).toBeNull();
  });

  it('keeps them over a restart, and among processes that send at the same time', async () => {
    const { opened, open } = await openNew();
    const chunks = [await leased(opened, 2), await leased(opened, 2), await leased(opened, 2)];
    const stores = [opened.store, (await open()).store, (await open()).store];
    const turns = await Promise.all(
      chunks.map(({ ids, begin }, i) => begin(NOON, ids, PER_MINUTE, stores[i])),
    );
    expect(turns.flatMap(idsOf)).toHaveLength(3);
    await opened.close();
    const { store } = await open();
    const rest = chunks.map(
      ({ ids, begin }) =>
        () =>
          begin(NOON + 30_000, ids, PER_MINUTE, store),
    );
    for (const begin of rest) expect((await begin()).begun).toEqual([]);
  });

  it('spends nothing on what is not begun', async () => {
    const { opened } = await openNew();
    const { ids, begin } = await leased(opened, 4);
    await opened.store.suppressions.add({
      tenant: TENANT,
      id: anId(),
      channel: 'email',
      addressKey: `key of ${ids[0]}`,
      address: null,
      reason: 'blocked',
      evidence: {},
      createdAt: NOON,
      liftedAt: null,
      lifted: null,
    });
    const turn = await begin(NOON);
    expect(idsOf(turn)).toEqual(ids.slice(1));
    expect(turn.ended.map(({ messageId }) => messageId)).toEqual(ids.slice(0, 1));
    expect(turn.limited).toEqual([]);
  });

  it('is passed by while it is closed; when it opens it gets as much as has room', async () => {
    const { opened, file } = await openNew();
    const { deliveries } = opened.store;
    const { ids, job, begin } = await leased(opened, 9);
    await begin(NOON);
    await deliveries.putBack(job, 'token', NOON);
    expect(await deliveries.queueDue(OPENS_AT - 1, 100, anId)).toEqual({ queued: 0, nextDueAt: OPENS_AT });
    const scan = await deliveries.queueDue(OPENS_AT, 100, anId);
    expect(scan.queued).toBe(3);
    // The rest is looked for later, and not at once.
    expect(scan.nextDueAt).toBeGreaterThan(OPENS_AT);
    const made = jobsIn(file).at(-1);
    const { rows } = await deliveries.lease(made ?? job, 'next', OPENS_AT, anId);
    expect(rows.map(({ message }) => message.id)).toEqual(ids.slice(3, 6));
  });

  it('has single messages leave before a broadcast’s, and the broadcast as far as there is room', async () => {
    const { opened, file } = await openNew();
    const { deliveries } = opened.store;
    await startBroadcast(opened.store, { chunks: 20, size: 1 });
    const { job, begin } = await leased(opened, 5);
    await begin(NOON);
    await deliveries.putBack(job, 'token', NOON);
    expect(await deliveries.queueDue(NOON, 100, anId)).toEqual({ queued: 0, nextDueAt: OPENS_AT });
    expect((await deliveries.queueDue(OPENS_AT, 100, anId)).queued).toBe(3);
    // The first is the one that was put back.
    expect(jobsIn(file).map(({ priority }) => priority)).toEqual([0, 0, 10]);
    // What is in the queue already needs the room.
    expect((await deliveries.queueDue(OPENS_AT, 100, anId)).queued).toBe(2);
  });

  it('sends a broadcast’s chunk back whole while it is closed', async () => {
    const { opened, file } = await openNew();
    const { deliveries } = opened.store;
    await startBroadcast(opened.store, { chunks: 1, size: 2 });
    await deliveries.queueDue(NOON, 100, anId);
    const [queued] = jobsIn(file);
    if (queued === undefined) throw new Error('The broadcast has no job.');
    const { begin } = await leased(opened, 3);
    await begin(NOON);
    expect((await deliveries.lease(queued, 'token', NOON, anId)).rows).toEqual([]);
    expect(jobsIn(file).map(({ id }) => id)).not.toContain(queued.id);
    expect(await deliveries.queueDue(OPENS_AT, 100, anId)).toMatchObject({ queued: 2 });
  });

  it('opens at once where its limits are changed, and what was used stays used', async () => {
    const { opened } = await openNew();
    const { accounts, deliveries } = opened.store;
    const own = { account: 'own-server', accountTenant: TENANT } as never as typeof PLATFORM;
    const record = {
      tenant: TENANT,
      key: 'own-server',
      adapter: 'smtp',
      channel: 'email',
      label: null,
      settings: {},
      sealedSecrets: null,
      pause: null,
      limits: PER_MINUTE,
      createdAt: NOON,
      updatedAt: NOON,
    } as const;
    await accounts.save(record);
    const { ids, begin } = await leased(opened, 6, own);
    await begin(NOON);
    await accounts.save({ ...record, label: 'Ours' });
    expect(await deliveries.opensAt(TENANT, 'own-server')).toBe(OPENS_AT);
    await accounts.save({ ...record, limits: { perMinute: 5 } });
    expect(await deliveries.opensAt(TENANT, 'own-server')).toBeNull();
    expect(idsOf(await begin(NOON, ids.slice(3), { perMinute: 5 }))).toEqual(ids.slice(3, 5));
    expect((await accounts.get(TENANT, 'own-server'))?.limits).toEqual({ perMinute: 5 });
  });

  it('shares them with no account of the same name', async () => {
    const { opened } = await openNew();
    const first = await leased(opened, 3);
    const other = await leased(opened, 3, { ...PLATFORM, accountTenant: TENANT as '$platform' });
    expect((await first.begin(NOON)).begun).toHaveLength(3);
    expect((await other.begin(NOON)).begun).toHaveLength(3);
  });
});
