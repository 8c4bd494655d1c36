import assert from 'node:assert/strict';
import type { BackendLaw } from './backend-harness.ts';
import { onlyJob, scan, sendBroadcast } from './broadcast-steps.ts';
import { beginWithin, inHand, limited, useUp } from './limit-steps.ts';
import { randomNumbers } from './random-numbers.ts';
import {
  aMessage,
  anAccount,
  anId,
  aSuppression,
  NEIGHBOUR,
  NOON,
  PLATFORM,
  queued,
  TENANT,
} from './records.ts';
import { stored, wait } from './steps.ts';

const MINUTE_MS = 60_000;

export const limitLaws: readonly BackendLaw[] = [
  {
    name: 'limits: a turn begins as many as there is room for, in order, and says when there is more',
    async check({ open }) {
      const { store } = await open();
      const messages = await inHand(store, 'token', 5);
      const limits = limited({ perMinute: 3 });
      assert.equal(await store.deliveries.opensAt(PLATFORM, 'smtp'), null);
      const wanted = [...messages].reverse();
      const turn = await beginWithin(store, wanted, 'token', limits);
      assert.deepEqual(
        turn.begun,
        wanted.slice(0, 3).map(({ id }) => ({ messageId: id, attempt: 1 })),
      );
      const rest = wanted.slice(3);
      assert.deepEqual(
        turn.limited,
        rest.map(({ id }) => id),
      );
      const until = await store.deliveries.opensAt(PLATFORM, 'smtp');
      assert(until !== null, 'it says when it opens');
      assert(until >= NOON + MINUTE_MS, 'not before the first is a minute ago');
      assert(until <= NOON + 2 * MINUTE_MS, 'and not much later');
      for (const message of rest) {
        const { delivery } = await stored(store, message);
        assert.deepEqual([delivery.work, delivery.attempt, delivery.outcome], ['queued', 0, null]);
      }
      const early = await beginWithin(store, rest, 'token', limits, until - 1);
      assert.deepEqual([early.begun.length, early.limited.length], [0, 2]);
      assert.equal(await store.deliveries.opensAt(PLATFORM, 'smtp'), until);
      const late = await beginWithin(store, rest, 'token', limits, until);
      assert.equal(late.begun.length, 2, 'they are still in hand');
      assert.deepEqual(late.limited, []);
      assert.equal(await store.deliveries.opensAt(PLATFORM, 'smtp'), null, 'there is room for one more');
    },
  },
  {
    name: 'limits: no minute and no second ever holds more than they say, and nothing waits longer than told',
    async check({ open }) {
      const { store } = await open();
      const random = randomNumbers(3);
      const limits = limited({ perSecond: 2, perMinute: 5 });
      let waiting = await inHand(store, 'token', 60);
      const times: number[] = [];
      let now = NOON;
      while (waiting.length > 0) {
        const turn = await beginWithin(store, waiting.slice(0, 1 + random(4)), 'token', limits, now);
        times.push(...turn.begun.map(() => now));
        const begun = new Set(turn.begun.map(({ messageId }) => messageId));
        waiting = waiting.filter(({ id }) => !begun.has(id));
        const opensAt = await store.deliveries.opensAt(PLATFORM, 'smtp');
        if (turn.limited.length > 0) assert(opensAt !== null && opensAt > now, 'it opens later');
        const told = opensAt !== null && random(2) === 0;
        now = told ? opensAt : now + random(3) * random(9_000);
        if (!told) continue;
        const opening = await beginWithin(store, waiting.slice(0, 1), 'token', limits, now);
        assert.equal(opening.begun.length, Math.min(1, waiting.length), 'it opens when it says');
        times.push(...opening.begun.map(() => now));
        waiting = waiting.slice(opening.begun.length);
      }
      for (const [periodMs, limit] of [
        [1_000, 2],
        [MINUTE_MS, 5],
      ] as const) {
        for (const from of times) {
          const held = times.filter((time) => time >= from && time < from + periodMs).length;
          assert(held <= limit, `${held} in ${periodMs} ms`);
        }
      }
    },
  },
  {
    name: 'limits: they hold over all processes together, and over a restart',
    needs: 'multiProcess',
    async check({ open }) {
      const [one, other] = [await open(), await open()];
      const limits = limited({ perMinute: 6 });
      const messages = await inHand(one.store, 'token', 20);
      const turns = Array.from({ length: 10 }, (_, i) =>
        beginWithin((i % 2 === 0 ? one : other).store, messages.slice(2 * i, 2 * i + 2), 'token', limits),
      );
      const results = await Promise.all(turns);
      assert.equal(results.flatMap(({ begun }) => begun).length, 6);
      await one.close();
      await other.close();
      const { store } = await open();
      const until = await store.deliveries.opensAt(PLATFORM, 'smtp');
      assert(until !== null, 'it is not forgotten when it opens');
      const begun = async (now: number) =>
        (await beginWithin(store, messages, 'token', limits, now)).begun.length;
      assert.equal(await begun(until - 1), 0);
      assert.equal(await begun(until), 6);
    },
  },
  {
    name: 'limits: what ends instead of being begun uses nothing of them',
    async check({ open }) {
      const { store } = await open();
      await store.suppressions.add(aSuppression());
      const suppressed = await inHand(store, 'token', 2);
      const expired = await inHand(store, 'token', 2, { addressKey: 'bo', expiresAt: NOON });
      const sound = await inHand(store, 'token', 3, { addressKey: 'bo' });
      const foreign = await inHand(store, 'another', 2, { addressKey: 'bo' });
      const wanted = [...suppressed, ...expired, ...foreign, ...sound];
      const limits = limited({ perHour: 4 });
      const turn = await beginWithin(store, wanted, 'token', limits);
      assert.deepEqual(
        turn.begun.map(({ messageId }) => messageId),
        sound.map(({ id }) => id),
      );
      assert.deepEqual([turn.ended.length, turn.limited], [4, []]);
      const more = await inHand(store, 'token', 2, { addressKey: 'bo' });
      const next = await beginWithin(store, more, 'token', limits);
      assert.equal(next.begun.length, 1, 'three of the four are used');
    },
  },
  {
    name: 'limits: a turn that fails has used nothing of them',
    async check({ open }) {
      const { store } = await open();
      const limits = limited({ perMinute: 3 });
      const messages = await inHand(store, 'token', 2);
      const expired = await inHand(store, 'token', 1, { expiresAt: NOON });
      const turn = store.deliveries.turn({
        now: NOON,
        limits,
        settle: [],
        begin: [...messages, ...expired].map(({ tenant, id }) => ({ tenant, messageId: id, token: 'token' })),
        newEventId() {
          throw new Error('There is no id for the one that ends.');
        },
      });
      await assert.rejects(turn);
      assert.equal((await beginWithin(store, messages, 'token', limits)).begun.length, 2);
    },
  },
  {
    name: 'limits: each account has its own, also where two have the same key',
    async check({ open }) {
      const { store } = await open();
      await useUp(store, limited({ perDay: 1 }, 'server', TENANT));
      for (const [account, accountTenant] of [
        ['server', PLATFORM],
        ['server', NEIGHBOUR],
        ['another', TENANT],
      ] as const) {
        const token = `${account} of ${accountTenant}`;
        const messages = await inHand(store, token, 1, { account, accountTenant });
        assert.equal(await store.deliveries.opensAt(accountTenant, account), null, token);
        const limits = limited({ perDay: 1 }, account, accountTenant);
        assert.equal((await beginWithin(store, messages, token, limits)).begun.length, 1, token);
      }
      assert.notEqual(await store.deliveries.opensAt(TENANT, 'server'), null);
    },
  },
  {
    name: 'limits: a turn that begins nothing finds out what they are now',
    async check({ open }) {
      const { store } = await open();
      const opensAt = () => store.deliveries.opensAt(PLATFORM, 'smtp');
      const until = await useUp(store, limited({ perMinute: 2 }));
      const turn = await beginWithin(store, [], 'token', limited({ perMinute: 2 }));
      assert.deepEqual([turn.begun, turn.limited], [[], []]);
      assert.equal(await opensAt(), until, 'nothing has changed');
      await beginWithin(store, [], 'token', limited({ perMinute: 3 }));
      assert.equal(await opensAt(), null, 'there is room for one more');
      await beginWithin(store, [], 'token', limited({ perMinute: 1 }));
      assert.notEqual(await opensAt(), null);
      await beginWithin(store, [], 'token', limited({}));
      assert.equal(await opensAt(), null, 'there are none any more');
    },
  },
  {
    name: 'accounts: limits come back as they were saved; other ones open the account, and what was used stays so',
    async check({ open }) {
      const { store } = await open();
      const { accounts, deliveries } = store;
      const account = anAccount({ limits: { perMinute: 2, perMonth: 1_000 } });
      await accounts.save(account);
      assert.deepEqual(await accounts.get(TENANT, account.key), account);
      assert.deepEqual(await accounts.list(TENANT), [account]);
      const place = { account: account.key, accountTenant: TENANT };
      const until = await useUp(store, { ...place, limits: { perMinute: 2, perMonth: 1_000 } });
      const opensAt = () => deliveries.opensAt(TENANT, account.key);
      const neighbour = { ...account, tenant: NEIGHBOUR };
      await accounts.save(neighbour);
      await useUp(store, { account: account.key, accountTenant: NEIGHBOUR, limits: { perMinute: 2 } });
      await accounts.save({ ...account, label: 'Renamed' });
      assert.equal(await opensAt(), until, 'with the same limits it stays closed');
      const limits = { perMinute: 3, perMonth: 1_000 };
      await accounts.save({ ...account, limits });
      assert.equal(await opensAt(), null);
      assert.equal(await deliveries.opensAt(NEIGHBOUR, account.key), until, 'the neighbour’s stays closed');
      const more = await inHand(store, 'token', 2, place);
      const turn = await beginWithin(store, more, 'token', { ...place, limits });
      assert.equal(turn.begun.length, 1, 'two of the three are used');
      await accounts.save({ ...account, limits: null });
      assert.deepEqual([(await accounts.get(TENANT, account.key))?.limits, await opensAt()], [null, null]);
    },
  },
  {
    name: 'due: work by an account whose limits are used up is passed by until it opens',
    async check({ open }) {
      const opened = await open();
      const { store } = opened;
      const own = { account: 'own-server', accountTenant: TENANT };
      const until = await useUp(store, { ...own, limits: { perMinute: 2 } });
      await wait(store, queued(aMessage(own)), queued(aMessage({ account: 'own-server' })));
      await sendBroadcast(opened, { size: 1 }, own);
      await sendBroadcast(opened, { size: 1 });
      assert.deepEqual(await scan(store), { queued: 2, nextDueAt: until }, 'the others go on');
      assert.deepEqual(await scan(store, until - 1), { queued: 0, nextDueAt: until });
      assert.deepEqual(await scan(store, until), { queued: 2, nextDueAt: null });
    },
  },
  {
    name: 'lease: the chunk of a broadcast goes back to wait, whole, while its account’s limits are used up',
    async check(bench) {
      const opened = await bench.open();
      const { store } = opened;
      const { broadcast, ids } = await sendBroadcast(opened);
      await scan(store);
      const job = await onlyJob(bench, opened);
      const until = await useUp(store, limited({ perMinute: 2 }));
      assert.deepEqual(await store.deliveries.lease(job, 'token', until - 1, anId), { rows: [], lost: [] });
      assert.deepEqual(await store.broadcasts.counts(TENANT, broadcast.id), { queued: 2 });
      assert.deepEqual(await scan(store, until - 1), { queued: 0, nextDueAt: until });
      assert.equal((await scan(store, until)).queued, 2);
      const again = await onlyJob(bench, opened);
      const { rows } = await store.deliveries.lease(again, 'token', until, anId);
      assert.deepEqual(
        rows.map(({ message }) => message.id),
        ids,
      );
    },
  },
];
