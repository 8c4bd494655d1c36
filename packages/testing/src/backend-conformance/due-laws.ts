import assert from 'node:assert/strict';
import type { BackendLaw } from './backend-harness.ts';
import { aMessage, anAccount, anId, NEIGHBOUR, NOON, PLATFORM, queued, TENANT } from './records.ts';
import { collectJobs, idsOf, sendChunk, stored, wait } from './steps.ts';

const credentials = { reason: 'credentials', message: 'The password is wrong.', at: NOON } as const;

export const dueLaws: readonly BackendLaw[] = [
  {
    name: 'due: nothing is queued before its time, and the scan says when that is',
    async check({ open }) {
      const { store } = await open();
      const { deliveries } = store;
      assert.deepEqual(await deliveries.queueDue(NOON, 10, anId), { queued: 0, nextDueAt: null });
      const message = aMessage();
      await wait(store, queued(message, { work: 'scheduled', dueAt: NOON + 60_000 }));
      await wait(store, queued(aMessage(), { work: 'scheduled', dueAt: NOON + 90_000 }));
      assert.deepEqual(await deliveries.queueDue(NOON + 59_999, 10, anId), {
        queued: 0,
        nextDueAt: NOON + 60_000,
      });
      assert.deepEqual(await deliveries.queueDue(NOON + 60_000, 10, anId), {
        queued: 1,
        nextDueAt: NOON + 90_000,
      });
      assert.equal((await stored(store, message)).delivery.work, 'queued');
      assert.equal((await deliveries.queueDue(NOON + 60_000, 10, anId)).queued, 0, 'each of them once');
    },
  },
  {
    name: 'due: chunks are of one tenant, account and priority, no larger than asked for, and each has its job',
    async check({ open, until }) {
      const opened = await open();
      const { store } = opened;
      const own = { account: 'own-server', accountTenant: TENANT };
      for (let i = 0; i < 5; i += 1) await wait(store, queued(aMessage()));
      await wait(store, queued(aMessage({ tenant: NEIGHBOUR })));
      await wait(store, queued(aMessage(own)));
      await wait(store, queued(aMessage(), { priority: 10 }));
      assert.equal((await store.deliveries.queueDue(NOON, 2, anId)).queued, 8);
      const jobs = collectJobs(opened);
      const seen: string[] = [];
      await until('every job is taken', () => jobs.length >= 6);
      for (const job of jobs) {
        const { rows } = await store.deliveries.lease(job, 'token', NOON, anId);
        for (const { message, delivery } of rows) {
          assert.deepEqual(
            [message.tenant, message.account, message.accountTenant, delivery.priority],
            [job.tenant, job.account, job.accountTenant, job.priority],
          );
        }
        seen.push(`${job.tenant} ${job.account} ${job.priority}: ${rows.length}`);
      }
      assert.deepEqual(seen.sort(), [
        `${NEIGHBOUR} smtp 0: 1`,
        `${TENANT} own-server 0: 1`,
        `${TENANT} smtp 0: 1`,
        `${TENANT} smtp 0: 2`,
        `${TENANT} smtp 0: 2`,
        `${TENANT} smtp 10: 1`,
      ]);
    },
  },
  {
    name: 'due: paused accounts are passed by, the others’ messages go on',
    async check({ open }) {
      const { store } = await open();
      const own = { account: 'own-server', accountTenant: TENANT };
      const platform = { tenant: PLATFORM, key: 'smtp', adapter: 'smtp', channel: 'email' } as const;
      await store.accounts.save(anAccount({ pause: credentials }));
      await store.accounts.setPause(platform, credentials, NOON);
      await wait(store, queued(aMessage(own)));
      await wait(store, queued(aMessage({ account: 'smtp' })));
      await wait(store, queued(aMessage({ account: 'other' })));
      assert.deepEqual(await store.deliveries.queueDue(NOON, 10, anId), { queued: 1, nextDueAt: null });
      await store.accounts.setPause(platform, null, NOON);
      assert.equal((await store.deliveries.queueDue(NOON, 10, anId)).queued, 1);
      await store.accounts.setPause(anAccount(), null, NOON);
      assert.equal((await store.deliveries.queueDue(NOON, 10, anId)).queued, 1);
    },
  },
  {
    name: 'due: what a lease puts back waits for its time, and only what is its own',
    async check({ open }) {
      const opened = await open();
      const { deliveries } = opened.store;
      const { messages, job } = await sendChunk(opened, [aMessage(), aMessage(), aMessage()]);
      const { rows } = await deliveries.lease(job, 'token', NOON, anId);
      const [begun] = rows;
      assert(begun !== undefined);
      const wanted = [{ tenant: TENANT, messageId: begun.message.id, token: 'token' }];
      await deliveries.turn({ now: NOON, limits: null, settle: [], begin: wanted, newEventId: anId });
      assert.equal(await deliveries.putBack(job, 'another', NOON + 100), 0);
      assert.equal(await deliveries.putBack(job, 'token', NOON + 100), 2);
      assert.deepEqual(idsOf((await deliveries.lease(job, 'token', NOON, anId)).rows), []);
      assert.equal((await stored(opened.store, begun.message)).delivery.work, 'sending');
      assert.deepEqual(await deliveries.queueDue(NOON + 99, 10, anId), { queued: 0, nextDueAt: NOON + 100 });
      assert.equal((await deliveries.queueDue(NOON + 100, 10, anId)).queued, messages.length - 1);
    },
  },
];
