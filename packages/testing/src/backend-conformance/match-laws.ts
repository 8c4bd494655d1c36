import assert from 'node:assert/strict';
import type { BackendLaw } from './backend-harness.ts';
import { aMessage, NEIGHBOUR, NOON, queued, TENANT } from './records.ts';
import { ACCOUNT, leave } from './report-steps.ts';
import { sendOne, stored, wait } from './steps.ts';

export const matchLaws: readonly BackendLaw[] = [
  {
    name: 'reports: messages are found by id, of whatever tenant; others are left out',
    async check({ open }) {
      const opened = await open();
      const own = await leave(opened);
      const other = await leave(opened, { tenant: NEIGHBOUR });
      const found = await opened.store.reports.messages([other.id, aMessage().id, own.id]);
      assert.deepEqual(found.map(({ id }) => id).sort(), [own.id, other.id].sort());
      const { message } = await stored(opened.store, own);
      assert.deepEqual({ ...message, ...found.find(({ id }) => id === own.id) }, message);
    },
  },
  {
    name: 'reports: what an account’s provider took is found by its own id, with the attempt; of each no more than asked for',
    async check({ open }) {
      const opened = await open();
      const { store } = opened;
      await leave(opened, { accountTenant: TENANT }, 'accepted', { providerId: 'request-1' });
      await leave(opened, { account: 'another' }, 'accepted', { providerId: 'request-1' });
      const one = await leave(opened, {}, 'accepted', { providerId: 'request-1' });
      const two = await leave(opened, { tenant: NEIGHBOUR }, 'accepted', { providerId: 'request-1' });
      await leave(opened, {}, 'accepted', { providerId: 'request-2' });
      await leave(opened, {}, 'accepted');
      const found = await store.reports.byProviderIds(ACCOUNT, ['request-1', 'nobody’s'], 2);
      assert.deepEqual(
        found.map(({ message, attempt, providerId }) => [message.id, attempt, providerId]).sort(),
        [one, two].map(({ id }) => [id, 1, 'request-1']).sort(),
      );
      assert.equal((await store.reports.byProviderIds(ACCOUNT, ['request-1'], 1)).length, 1);
    },
  },
  {
    name: 'reports: the latest to an address is one that left by the account, and no later than asked for',
    async check({ open }) {
      const opened = await open();
      const { store } = opened;
      const anna = [{ tenant: TENANT, addressKey: 'anna' }];
      const latest = async (before: number) =>
        (await store.reports.latestTo(ACCOUNT, anna, before)).map((it) => [
          it.message.id,
          it.attempt,
          it.providerId,
        ]);
      const first = await leave(opened, { createdAt: NOON + 1 }, 'accepted', { providerId: 'p' });
      const second = await leave(opened, { createdAt: NOON + 3 }, 'unknown');
      await leave(opened, { createdAt: NOON + 4 }, 'bounced');
      await leave(opened, { createdAt: NOON + 4, accountTenant: TENANT });
      await leave(opened, { createdAt: NOON + 4, tenant: NEIGHBOUR });
      await leave(opened, { createdAt: NOON + 4, addressKey: 'bent' });
      await wait(store, queued(aMessage({ createdAt: NOON + 5 })));
      assert.deepEqual(await latest(NOON + 9), [[second.id, 1, null]]);
      assert.deepEqual(await latest(NOON + 2), [[first.id, 1, 'p']]);
      assert.deepEqual(await latest(NOON), []);
    },
  },
  {
    name: 'reports: tenants that have messages come once each, in order, page by page',
    async check({ open }) {
      const opened = await open();
      const tenants = ['a', 'c', 'b', 'a', 'd', 'b'];
      for (const tenant of tenants) await sendOne(opened, { tenant });
      const first = await opened.store.reports.tenants({ limit: 3, after: null });
      assert.deepEqual(first, ['a', 'b', 'c']);
      assert.deepEqual(await opened.store.reports.tenants({ limit: 3, after: 'c' }), ['d']);
    },
  },
];
