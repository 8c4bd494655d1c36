import assert from 'node:assert/strict';
import type { BackendLaw } from './backend-harness.ts';
import { alter, endJobs, onlyJob, scan, sendBroadcast, waitingJobs } from './broadcast-steps.ts';
import { anEvent, anId, NOON, TENANT } from './records.ts';
import { begin, beginRows, idsOf, sendOne, stored } from './steps.ts';

const YEAR_MS = 365 * 86_400_000;
const PAUSED = { pausedAt: NOON };
const RESUMED = { pausedAt: null };
const CANCELED = { state: 'canceled', endedAt: NOON } as const;

/** What pausing and cancelling a broadcast does to what has left its list. */
export const holdLaws: readonly BackendLaw[] = [
  {
    name: 'lease: the chunk of a broadcast that was paused goes back to wait, whole, and comes again',
    async check(bench) {
      const opened = await bench.open();
      const { store } = opened;
      const { broadcast, ids } = await sendBroadcast(opened, { size: 3 });
      for (let rounds = 0; rounds < 2; rounds += 1) {
        assert.equal((await scan(store)).queued, 3);
        const job = await onlyJob(bench, opened);
        await alter(store, broadcast, PAUSED);
        assert.deepEqual(await store.deliveries.lease(job, 'token', NOON, anId), { rows: [], lost: [] });
        await endJobs(bench, opened);
        assert.deepEqual(await scan(store, NOON + YEAR_MS), { queued: 0, nextDueAt: null });
        assert.deepEqual(await store.broadcasts.counts(TENANT, broadcast.id), { queued: 3 });
        await alter(store, broadcast, RESUMED);
      }
      await scan(store);
      assert.deepEqual(await begin(store, await onlyJob(bench, opened), 'token'), ids);
    },
  },
  {
    name: 'turn: what a paused broadcast has in hand is held, and due when it goes on',
    async check(bench) {
      const opened = await bench.open();
      const { store } = opened;
      const { broadcast, ids } = await sendBroadcast(opened, { size: 3 });
      await scan(store);
      const job = await onlyJob(bench, opened);
      const { rows } = await store.deliveries.lease(job, 'token', NOON, anId);
      const [gone] = await beginRows(store, rows.slice(0, 1), 'token');
      assert(gone !== undefined && gone === ids[0]);
      const single = await sendOne(opened);
      const others = await store.deliveries.lease(single.job, 'token', NOON, anId);
      await alter(store, broadcast, PAUSED);
      const wanted = [...rows.slice(1), ...others.rows].map(({ message: { tenant, id } }) => ({
        tenant,
        messageId: id,
        token: 'token',
      }));
      const turn = await store.deliveries.turn({
        now: NOON,
        limits: null,
        settle: [],
        begin: wanted,
        newEventId: anId,
      });
      assert.deepEqual(turn.begun, [{ messageId: single.message.id, attempt: 1 }], 'others go on');
      assert.deepEqual([turn.ended, turn.endedEvents, turn.limited], [[], [], []]);
      assert.deepEqual(await store.broadcasts.counts(TENANT, broadcast.id), { queued: 2, sending: 1 });
      assert.deepEqual(await scan(store, NOON + YEAR_MS), { queued: 0, nextDueAt: null });

      const settle = [gone, single.message.id].map((id) => anEvent({ id, tenant: TENANT }, 'accepted'));
      await store.messages.transition(
        TENANT,
        settle.map((event) => ({ event, when: {}, work: { work: 'done', dueAt: null }, otherwise: 'drop' })),
      );
      await endJobs(bench, opened);
      await alter(store, broadcast, RESUMED);
      assert.deepEqual(await scan(store), { queued: 2, nextDueAt: null });
      assert.deepEqual(await begin(store, await onlyJob(bench, opened), 'next'), ids.slice(1));
    },
  },
  {
    name: 'turn: what a canceled broadcast has in hand ends as canceled, with an event',
    async check(bench) {
      const opened = await bench.open();
      const { store } = opened;
      const { broadcast, ids } = await sendBroadcast(opened, {}, { sealedSlots: 'v1.k1.sealed' });
      await scan(store);
      const { rows } = await store.deliveries.lease(await onlyJob(bench, opened), 'token', NOON, anId);
      const [gone] = await beginRows(store, rows.slice(0, 1), 'token');
      await alter(store, broadcast, CANCELED);
      const turn = await store.deliveries.turn({
        now: NOON + 1,
        limits: null,
        settle: [],
        begin: ids.map((messageId) => ({ tenant: TENANT, messageId, token: 'token' })),
        newEventId: anId,
      });
      assert.deepEqual([turn.begun, turn.limited], [[], []]);
      const [kept, ended] = ids;
      assert(kept !== undefined && ended !== undefined && kept === gone);
      assert.deepEqual(
        turn.ended.map(({ messageId, after }) => [messageId, after?.work, after?.outcome?.name]),
        [[ended, 'done', 'canceled']],
      );
      assert.deepEqual(await store.messages.events(TENANT, ended), turn.endedEvents);
      assert.equal((await stored(store, { tenant: TENANT, id: ended })).message.sealedSlots, null);
      assert.deepEqual(await store.broadcasts.counts(TENANT, broadcast.id), { sending: 1, canceled: 1 });
    },
  },
  {
    name: 'broadcasts: nothing of a canceled one begins, wherever it waits',
    async check(bench) {
      const opened = await bench.open();
      const { store } = opened;
      const { broadcast, ids } = await sendBroadcast(opened, { chunks: 4, size: 1 });
      await scan(store);
      const [held, back, inQueue] = await waitingJobs(bench, opened);
      assert(held !== undefined && back !== undefined && inQueue !== undefined);
      await store.deliveries.lease(back, 'back', NOON, anId);
      await store.deliveries.putBack(back, 'back', NOON);
      const { rows } = await store.deliveries.lease(held, 'held', NOON, anId);
      await alter(store, broadcast, PAUSED);
      assert.deepEqual(await beginRows(store, rows, 'held'), []);
      const waiting = await sendBroadcast(opened);
      for (const one of [broadcast, waiting.broadcast]) await alter(store, one, CANCELED);
      for (let scans = 0; scans < 2; scans += 1) {
        await scan(store, NOON + YEAR_MS);
        for (const job of await waitingJobs(bench, opened)) {
          assert.deepEqual(await begin(store, job, `late ${scans}`, NOON + YEAR_MS), []);
        }
      }
      const untouched = await store.messages.get(TENANT, [...ids, ...waiting.ids]);
      assert(untouched.every(({ delivery }) => delivery.attempt === 0));
    },
  },
  {
    name: 'lease: what a lost one left sending is told of, whatever has become of its broadcast',
    async check(bench) {
      const opened = await bench.open();
      const { store } = opened;
      for (const change of [PAUSED, CANCELED]) {
        const { broadcast, ids } = await sendBroadcast(opened);
        await scan(store);
        const jobs = await waitingJobs(bench, opened);
        const job = jobs.at(-1);
        assert(job !== undefined);
        const { rows } = await store.deliveries.lease(job, 'first', NOON, anId);
        assert.deepEqual(idsOf(rows), ids);
        await beginRows(store, rows.slice(0, 1), 'first');
        await alter(store, broadcast, change);
        const { lost } = await store.deliveries.lease(job, 'second', NOON, anId);
        assert.deepEqual(
          lost.map(({ messageId, after }) => [messageId, after?.outcome?.name]),
          [[ids[0], 'unknown']],
        );
        assert.deepEqual(await store.broadcasts.counts(TENANT, broadcast.id), { queued: 1, unknown: 1 });
      }
    },
  },
];
