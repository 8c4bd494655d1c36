import assert from 'node:assert/strict';
import type { BackendLaw } from './backend-harness.ts';
import { aBroadcast, aMailing, aPage, BULK, COMPLETE } from './broadcast-records.ts';
import { alter, onlyJob, scan, sendBroadcast, waitingJobs } from './broadcast-steps.ts';
import { limited, useUp } from './limit-steps.ts';
import { aJob, aMessage, anAccount, anId, NOON, PLATFORM, queued, TENANT } from './records.ts';
import { begin, stored, wait } from './steps.ts';

const credentials = { reason: 'credentials', message: 'The password is wrong.', at: NOON } as const;
const YEAR_MS = 365 * 86_400_000;

/** How a broadcast's chunks come into the queue. */
export const feedLaws: readonly BackendLaw[] = [
  {
    name: 'broadcasts: nothing of one leaves before its list is complete, and then each chunk has one job',
    async check(bench) {
      const opened = await bench.open();
      const { store } = opened;
      const broadcast = aBroadcast();
      await store.broadcasts.add(broadcast, [], []);
      const chunks = [anId(), anId()];
      const messages = chunks.flatMap((chunk) => [aMailing(broadcast, chunk), aMailing(broadcast, chunk)]);
      const first = aPage(broadcast, messages);
      await store.broadcasts.addPage(first);
      assert.deepEqual(await scan(store, NOON + YEAR_MS), { queued: 0, nextDueAt: null });
      assert.equal(await opened.queue.size(), 0);
      for (const chunk of chunks) {
        assert.deepEqual(await begin(store, aJob({ chunk, priority: BULK }), 'early'), []);
      }

      const last = aPage(broadcast, [], { expected: first.cursor, end: COMPLETE });
      assert.equal(await store.broadcasts.addPage(last), 'added');
      assert.deepEqual(await scan(store), { queued: 4, nextDueAt: null });
      assert.deepEqual(await scan(store), { queued: 0, nextDueAt: null });
      const jobs = await waitingJobs(bench, opened);
      assert.deepEqual(
        jobs,
        chunks.map((chunk, i) => aJob({ id: jobs[i]?.id ?? '', chunk, priority: BULK })),
      );
      const begun: string[] = [];
      for (const job of jobs) begun.push(...(await begin(store, job, 'token')));
      assert.deepEqual(
        begun,
        messages.map(({ message }) => message.id),
      );
    },
  },
  {
    name: 'broadcasts: one with a time waits for it, and the scan says when that is',
    async check(bench) {
      const opened = await bench.open();
      const { store } = opened;
      const startAt = NOON + 60_000;
      const { broadcast, ids } = await sendBroadcast(opened, { startAt });
      assert.deepEqual(await store.broadcasts.counts(TENANT, broadcast.id), { scheduled: 2 });
      assert.deepEqual(await scan(store, startAt - 1), { queued: 0, nextDueAt: startAt });
      assert.deepEqual(await scan(store, startAt), { queued: 2, nextDueAt: null });
      const job = await onlyJob(bench, opened);
      assert.deepEqual(await begin(store, job, 'token', startAt), ids);
      assert.deepEqual(await store.broadcasts.counts(TENANT, broadcast.id), { sending: 2 });
    },
  },
  {
    name: 'broadcasts: nothing of a paused one is queued, and all of it once it goes on',
    async check({ open }) {
      const opened = await open();
      const { store } = opened;
      // Paused while its list was being made, and when it was complete.
      const early = await sendBroadcast(opened, { pausedAt: NOON });
      const late = await sendBroadcast(opened);
      await alter(store, late.broadcast, { pausedAt: NOON });
      assert.deepEqual(await scan(store, NOON + YEAR_MS), { queued: 0, nextDueAt: null });
      await alter(store, early.broadcast, { pausedAt: null });
      assert.deepEqual(await scan(store), { queued: 2, nextDueAt: null });
      await alter(store, late.broadcast, { pausedAt: null });
      assert.deepEqual(await scan(store), { queued: 2, nextDueAt: null });
    },
  },
  {
    name: 'broadcasts: only some chunks are in the queue at a time; as these are worked, others follow',
    async check(bench) {
      const opened = await bench.open();
      const { store, queue } = opened;
      await sendBroadcast(opened, { chunks: 600, size: 1 });
      for (let scans = 0; scans < 4; scans += 1) await scan(store);
      const ahead = await queue.size();
      assert(ahead > 0 && ahead <= 300, `of 600 chunks ${ahead} are in the queue`);
      const jobs = await waitingJobs(bench, opened);
      let begun = 0;
      for (const job of jobs.slice(0, 5)) begun += (await begin(store, job, 'token')).length;
      assert.equal(begun, 5);
      assert.equal((await scan(store)).queued, 5);
    },
  },
  {
    name: 'broadcasts: those by a paused account are passed by, and the others go on',
    async check({ open }) {
      const opened = await open();
      const { store } = opened;
      const own = { account: 'own-server', accountTenant: TENANT };
      await store.accounts.save(anAccount({ pause: credentials }));
      await sendBroadcast(opened, {}, own);
      await sendBroadcast(opened, {}, { ...own, accountTenant: PLATFORM });
      assert.deepEqual(await scan(store, NOON + YEAR_MS), { queued: 2, nextDueAt: null });
      await store.accounts.setPause(anAccount(), null, NOON);
      assert.deepEqual(await scan(store), { queued: 2, nextDueAt: null });
    },
  },
  {
    name: 'due: where the limits leave room for a few, single messages come before a broadcast’s',
    async check(bench) {
      const opened = await bench.open();
      const { store } = opened;
      const { broadcast } = await sendBroadcast(opened, { size: 4 });
      const retries = Array.from({ length: 4 }, () => aMailing(broadcast, ''));
      await wait(store, ...retries.map((retry) => ({ ...retry, chunk: null })));
      const singles = [aMessage(), aMessage()];
      await wait(store, ...singles.map((single) => queued(single, { dueAt: NOON + 2_000 })));
      const until = await useUp(store, limited({ perMinute: 2 }));
      assert.equal((await scan(store, until - 1)).queued, 0);
      await scan(store, until);
      for (const single of singles) {
        assert.notEqual((await stored(store, single)).delivery.chunk, null, 'it has a job');
      }
      const [first] = await waitingJobs(bench, opened);
      assert.equal(first?.priority, 0);
    },
  },
];
