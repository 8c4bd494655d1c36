import type { BroadcastRecord, OpenedBackend } from '@posthorn/core';
import { describe, expect, it } from 'vitest';
import {
  aBroadcast,
  anId,
  aPage,
  beginAll,
  COMPLETE,
  jobsIn,
  mailing,
  NOON,
  openNew,
  outcome,
  startBroadcast,
  TENANT,
} from './broadcast.test-kit.ts';

const OWN = { account: 'own-server', accountTenant: TENANT };
const PLATFORM = { tenant: '$platform', key: 'smtp', adapter: 'smtp', channel: 'email' } as const;

function scan({ store }: OpenedBackend, now = NOON) {
  return store.deliveries.queueDue(now, 100, anId);
}

function pause({ store }: OpenedBackend, id: string, pausedAt: number | null) {
  return store.broadcasts.change(TENANT, id, ['listing', 'sending'], { pausedAt }, []);
}

function cancel({ store }: OpenedBackend, id: string) {
  return store.broadcasts.change(
    TENANT,
    id,
    ['listing', 'sending'],
    { state: 'canceled', endedAt: NOON },
    [],
  );
}

async function works(opened: OpenedBackend, ids: readonly string[]): Promise<readonly string[]> {
  const stored = await opened.store.messages.get(TENANT, ids);
  return stored.map(({ delivery }) => delivery.outcome?.name ?? delivery.work);
}

describe('a broadcast whose list is complete', () => {
  it('comes into the queue chunk by chunk, in order, and leaves behind single messages', async () => {
    const { opened, file } = await openNew();
    const { ids } = await startBroadcast(opened.store, { chunks: 3, size: 2 });
    expect(await scan(opened)).toEqual({ queued: 6, nextDueAt: null });
    const jobs = jobsIn(file);
    expect(jobs.map(({ kind, priority, account }) => [kind, priority, account])).toEqual(
      Array.from({ length: 3 }, () => ['messages', 10, 'smtp']),
    );
    const begun: string[] = [];
    for (const job of jobs) begun.push(...(await beginAll(opened.store, job)));
    expect(begun).toEqual(ids);
    expect(await scan(opened)).toEqual({ queued: 0, nextDueAt: null });
    expect(jobsIn(file)).toEqual(jobs);
  });

  it('has no more than some chunks in the queue, and gets others as those are begun', async () => {
    const { opened, file } = await openNew();
    await startBroadcast(opened.store, { chunks: 230, size: 1 });
    expect(await scan(opened)).toEqual({ queued: 200, nextDueAt: null });
    expect((await scan(opened)).queued).toBe(0);
    for (const job of jobsIn(file).slice(0, 20)) await beginAll(opened.store, job);
    expect((await scan(opened)).queued).toBe(20);
    for (const job of jobsIn(file).slice(20)) await beginAll(opened.store, job);
    expect((await scan(opened)).queued).toBe(10);
  });

  it('waits for its time, which the scan tells; its messages are queued from then on', async () => {
    const { opened, file } = await openNew();
    const { store } = opened;
    const { ids } = await startBroadcast(store, { startAt: NOON + 60_000 });
    expect(await scan(opened, NOON + 59_999)).toEqual({ queued: 0, nextDueAt: NOON + 60_000 });
    expect((await scan(opened, NOON + 60_000)).queued).toBe(2);
    const [job] = jobsIn(file);
    expect(await beginAll(store, job ?? never(), NOON + 60_000)).toEqual(ids);
  });

  it('shows as scheduled what is to start later, until its job is worked', async () => {
    const { opened, file } = await openNew();
    const { store } = opened;
    const listing = await startListing(opened, { startAt: NOON + 60_000 });
    const scheduled = { ...mailing(listing, '1', anId()), work: 'scheduled', dueAt: NOON + 60_000 } as const;
    await store.broadcasts.addPage(aPage(listing, [scheduled], { end: COMPLETE }));
    expect(await store.broadcasts.counts(TENANT, listing.id)).toEqual({ scheduled: 1 });
    await scan(opened, NOON + 60_000);
    const [job] = jobsIn(file);
    const { rows } = await store.deliveries.lease(job ?? never(), 'token', NOON + 60_000, anId);
    expect(rows.map(({ delivery }) => delivery.work)).toEqual(['queued']);
    expect(await store.broadcasts.counts(TENANT, listing.id)).toEqual({ queued: 1 });
  });

  it('is not claimable while its list is being made', async () => {
    const { opened, file } = await openNew();
    const listing = await startListing(opened);
    await opened.store.broadcasts.addPage(aPage(listing, [mailing(listing, '1', anId())]));
    expect(await scan(opened)).toEqual({ queued: 0, nextDueAt: null });
    expect(jobsIn(file)).toEqual([]);
  });

  it('waits while its account is paused, beside those of other accounts', async () => {
    const { opened, file } = await openNew();
    const credentials = { reason: 'credentials', message: 'The password is wrong.', at: NOON } as const;
    await opened.store.accounts.setPause(PLATFORM, credentials, NOON);
    await startBroadcast(opened.store, { size: 2 });
    await startBroadcast(opened.store, { size: 3 }, OWN);
    expect(await scan(opened)).toEqual({ queued: 3, nextDueAt: null });
    await opened.store.accounts.setPause(PLATFORM, null, NOON);
    expect((await scan(opened)).queued).toBe(2);
    // Paused again between the scan and the lease: the chunk goes back whole.
    await opened.store.accounts.setPause(PLATFORM, credentials, NOON);
    const job = jobsIn(file).find(({ account }) => account === 'smtp');
    expect(await beginAll(opened.store, job ?? never())).toEqual([]);
    await opened.store.accounts.setPause(PLATFORM, null, NOON);
    expect((await scan(opened)).queued).toBe(2);
  });
});

describe('a paused broadcast', () => {
  it('puts nothing into the queue; what is there goes back whole, its job with it', async () => {
    const { opened, file } = await openNew();
    const { broadcast, ids } = await startBroadcast(opened.store, { chunks: 201, size: 1 });
    await scan(opened);
    await pause(opened, broadcast.id, NOON);
    const jobs = jobsIn(file);
    for (const job of jobs) {
      expect(await opened.store.deliveries.lease(job, 'token', NOON, anId)).toEqual({ rows: [], lost: [] });
    }
    expect(jobsIn(file)).toEqual([]);
    expect(await scan(opened)).toEqual({ queued: 0, nextDueAt: null });
    await pause(opened, broadcast.id, null);
    const again: string[] = [];
    for (let scans = 0; scans < 2; scans += 1) {
      await scan(opened);
      for (const job of jobsIn(file)) again.push(...(await beginAll(opened.store, job)));
    }
    expect(again.sort()).toEqual([...ids].sort());
  });

  it('holds what a worker has in hand until it goes on, then it is due', async () => {
    const { opened, file, open } = await openNew();
    const { store } = opened;
    const { broadcast, ids } = await startBroadcast(store, { size: 3 });
    await scan(opened);
    const [job] = jobsIn(file);
    const { rows } = await store.deliveries.lease(job ?? never(), 'token', NOON, anId);
    const wanted = rows.map(({ message }) => ({ tenant: TENANT, messageId: message.id, token: 'token' }));
    const turn = { now: NOON, limits: null, settle: [], newEventId: anId };
    const first = await store.deliveries.turn({ ...turn, begin: wanted.slice(0, 1) });
    expect(first.begun).toHaveLength(1);
    await pause(opened, broadcast.id, NOON);
    const second = await store.deliveries.turn({ ...turn, begin: wanted.slice(1) });
    expect(second).toMatchObject({ begun: [], ended: [], limited: [] });
    expect(await works(opened, ids)).toEqual(['sending', 'queued', 'queued']);
    const years = NOON + 100 * 365 * 86_400_000;
    expect(await scan(opened, years)).toEqual({ queued: 0, nextDueAt: null });

    await pause(opened, broadcast.id, null);
    const { store: other } = await open();
    expect(await other.deliveries.queueDue(NOON + 5, 100, anId)).toEqual({ queued: 2, nextDueAt: null });
    const last = jobsIn(file).at(-1);
    expect(await beginAll(store, last ?? never())).toEqual(ids.slice(1));
    expect(await store.broadcasts.counts(TENANT, broadcast.id)).toEqual({ sending: 3 });
  });

  it('lets a retry that comes due meanwhile wait as well', async () => {
    const { opened, file } = await openNew();
    const { store } = opened;
    const { broadcast, ids } = await startBroadcast(store, { size: 1 });
    await scan(opened);
    await beginAll(store, jobsIn(file)[0] ?? never());
    const [id = ''] = ids;
    const later = { work: 'queued', dueAt: NOON + 1_000 } as const;
    await store.messages.transition(TENANT, [outcome(id, 'deferred', { work: later })]);
    await pause(opened, broadcast.id, NOON);
    expect((await scan(opened, NOON + 1_000)).queued).toBe(1);
    expect(await beginAll(store, jobsIn(file).at(-1) ?? never(), NOON + 1_000)).toEqual([]);
    expect(await store.broadcasts.counts(TENANT, broadcast.id)).toEqual({ deferred: 1 });
    await pause(opened, broadcast.id, null);
    expect((await scan(opened, NOON + 2_000)).queued).toBe(1);
    expect(await beginAll(store, jobsIn(file).at(-1) ?? never(), NOON + 2_000)).toEqual([id]);
  });

  it('leaves a chunk that was given back to its next job, whenever the first one’s worker comes', async () => {
    const { opened, file } = await openNew();
    const { store } = opened;
    const { broadcast, ids } = await startBroadcast(store, { size: 2 });
    await scan(opened);
    const [late] = jobsIn(file);
    await pause(opened, broadcast.id, NOON);
    await beginAll(store, late ?? never());
    await pause(opened, broadcast.id, null);
    expect(await beginAll(store, late ?? never())).toEqual([]);
    await scan(opened);
    expect(await beginAll(store, late ?? never())).toEqual([]);
    const [next] = jobsIn(file);
    expect(next?.chunk).toBe(late?.chunk);
    expect(await beginAll(store, next ?? never())).toEqual(ids);
  });

  it('keeps nobody else waiting', async () => {
    const { opened, file } = await openNew();
    const { broadcast } = await startBroadcast(opened.store, { size: 2 });
    const other = await startBroadcast(opened.store, { size: 1 });
    await pause(opened, broadcast.id, NOON);
    expect(await scan(opened)).toEqual({ queued: 1, nextDueAt: null });
    expect(await beginAll(opened.store, jobsIn(file)[0] ?? never())).toEqual(other.ids);
  });
});

describe('a canceled broadcast', () => {
  it('is not worked any more, whatever is in the queue; what waits is found and ended', async () => {
    const { opened, file } = await openNew();
    const { store } = opened;
    const { broadcast, ids } = await startBroadcast(store, { chunks: 202, size: 1 });
    await scan(opened);
    const jobs = jobsIn(file);
    await beginAll(store, jobs[0] ?? never());
    await cancel(opened, broadcast.id);
    for (const job of jobs.slice(1)) expect(await beginAll(store, job)).toEqual([]);
    expect(await scan(opened)).toEqual({ queued: 0, nextDueAt: null });
    const open = await store.broadcasts.messageIds(TENANT, broadcast.id, ['scheduled', 'queued'], {
      limit: 1_000,
      after: null,
    });
    expect(open).toEqual(ids.slice(1));
    await store.messages.transition(
      TENANT,
      open.map((id) => outcome(id, 'canceled', { attempt: 0 })),
    );
    expect(await store.broadcasts.counts(TENANT, broadcast.id)).toEqual({ sending: 1, canceled: 201 });
  });

  it('takes its job out of the queue for good', async () => {
    const { opened } = await openNew();
    const { store, queue } = opened;
    const { broadcast } = await startBroadcast(store, { size: 2 });
    await scan(opened);
    await cancel(opened, broadcast.id);
    let taken = 0;
    const worker = queue.work(
      async (job, { token }) => {
        taken += 1;
        await store.deliveries.lease(job, token, Date.now(), anId);
      },
      { concurrency: 2, leaseMs: 60_000, pollIntervalMs: 5 },
    );
    await expect.poll(() => queue.size()).toBe(0);
    await worker.stop();
    expect(taken).toBe(1);
  });

  it('ends what a worker has in hand, and what was held', async () => {
    const { opened, file } = await openNew();
    const { store } = opened;
    const { broadcast, ids } = await startBroadcast(store, { size: 2 });
    await scan(opened);
    const { rows } = await store.deliveries.lease(jobsIn(file)[0] ?? never(), 'token', NOON, anId);
    const wanted = rows.map(({ message }) => ({ tenant: TENANT, messageId: message.id, token: 'token' }));
    const turn = { now: NOON, limits: null, settle: [], newEventId: anId };
    await pause(opened, broadcast.id, NOON);
    await store.deliveries.turn({ ...turn, begin: wanted.slice(0, 1) });
    await cancel(opened, broadcast.id);
    const { ended, endedEvents } = await store.deliveries.turn({ ...turn, begin: wanted.slice(1) });
    expect(ended.map(({ messageId, after }) => [messageId, after?.outcome?.name])).toEqual([
      [ids[1], 'canceled'],
    ]);
    expect(await store.messages.events(TENANT, ids[1] ?? '')).toEqual(endedEvents);
    await scan(opened);
    expect(await beginAll(store, jobsIn(file).at(-1) ?? never())).toEqual([]);
    expect(await works(opened, ids)).toEqual(['canceled', 'canceled']);
    expect(await store.broadcasts.counts(TENANT, broadcast.id)).toEqual({ canceled: 2 });
  });
});

async function startListing({ store }: OpenedBackend, parts: Partial<BroadcastRecord> = {}) {
  const listing = aBroadcast(parts);
  await store.broadcasts.add(listing, [], []);
  return listing;
}

function never(): never {
  throw new Error('There is no such job.');
}
