import assert from 'node:assert/strict';
import type { BackendLaw } from './backend-harness.ts';
import { aMessage, anAccount, anIdentity, NEIGHBOUR, NOON, PLATFORM, queued, TENANT } from './records.ts';
import { wait } from './steps.ts';

const credentials = { reason: 'credentials', message: 'The password is wrong.', at: NOON } as const;
const byHand = { reason: 'by_hand', message: 'Stopped by Kim.', at: NOON } as const;

export const keyringLaws: readonly BackendLaw[] = [
  {
    name: 'keyring: of two that make a key at once, both get the same one',
    async check({ open }) {
      const { store } = await open();
      const answers = await Promise.all(
        ['a', 'b', 'c'].map((sealed) => store.keyring.getOrAdd('address', sealed)),
      );
      assert.equal(new Set(answers).size, 1);
      assert.deepEqual(await store.keyring.list(), [{ name: 'address', sealed: answers[0] }]);
    },
  },
  {
    name: 'keyring: a key is resealed only while it still is what was read',
    async check({ open }) {
      const { store } = await open();
      await store.keyring.getOrAdd('address', 'v1.k1');
      assert.equal(await store.keyring.reseal('address', 'v1.k1', 'v1.k2'), true);
      assert.equal(await store.keyring.reseal('address', 'v1.k1', 'v1.k3'), false);
      assert.equal(await store.keyring.getOrAdd('address', 'v1.k4'), 'v1.k2');
    },
  },
];

export const accountLaws: readonly BackendLaw[] = [
  {
    name: 'accounts: what is saved comes back, and saving again keeps when it was made and its pause',
    async check({ open }) {
      const { store } = await open();
      await store.accounts.save(anAccount());
      assert.deepEqual(await store.accounts.get(TENANT, 'own-server'), anAccount());
      await store.accounts.setPause(anAccount(), credentials, NOON + 3);
      const paused = anAccount({ pause: credentials, updatedAt: NOON + 3 });
      assert.deepEqual(await store.accounts.get(TENANT, 'own-server'), paused);
      const changed = { label: null, sealedSecrets: null, updatedAt: NOON + 5 };
      await store.accounts.save(anAccount({ ...changed, createdAt: NOON + 5 }));
      assert.deepEqual(
        await store.accounts.get(TENANT, 'own-server'),
        anAccount({ ...changed, pause: credentials }),
      );
    },
  },
  {
    name: 'accounts: listed by key, each tenant its own',
    async check({ open }) {
      const { store } = await open();
      for (const key of ['c', 'a', 'b']) await store.accounts.save(anAccount({ key }));
      await store.accounts.save(anAccount({ tenant: NEIGHBOUR, key: 'other' }));
      const keys = (await store.accounts.list(TENANT)).map(({ key }) => key);
      assert.deepEqual(keys, ['a', 'b', 'c']);
    },
  },
  {
    name: 'accounts: one that an identity names, or by which work is waiting, is not removed',
    async check({ open }) {
      const { store } = await open();
      await store.accounts.save(anAccount({ key: 'named' }));
      await store.identities.save(anIdentity({ account: 'named' }));
      await store.accounts.save(anAccount({ key: 'busy' }));
      await wait(store, queued(aMessage({ account: 'busy', accountTenant: TENANT })));
      await store.accounts.save(anAccount({ key: 'free' }));
      // The platform's account of the same name is another one.
      await wait(store, queued(aMessage({ account: 'free', accountTenant: PLATFORM })));
      assert.equal(await store.accounts.remove(TENANT, 'named'), 'named_by_identity');
      assert.equal(await store.accounts.remove(TENANT, 'busy'), 'work_waiting');
      assert.equal(await store.accounts.remove(TENANT, 'free'), 'removed');
      assert.equal(await store.accounts.remove(TENANT, 'free'), 'missing');
      assert.equal(await store.accounts.remove(NEIGHBOUR, 'busy'), 'missing');
    },
  },
  {
    name: 'accounts: a pause is told of once, also for an account of the platform that had no row',
    async check({ open }) {
      const { store } = await open();
      const platform = { tenant: PLATFORM, key: 'smtp', adapter: 'smtp', channel: 'email' } as const;
      const removed = { ...platform, tenant: TENANT };
      assert.equal(await store.accounts.setPause(platform, null, NOON), false);
      assert.equal(await store.accounts.setPause(platform, credentials, NOON), true);
      assert.equal(await store.accounts.setPause(platform, { ...credentials, at: NOON + 1 }, NOON), false);
      assert.equal(await store.accounts.setPause(removed, credentials, NOON), false);
      assert.deepEqual(await store.accounts.paused(), [{ tenant: PLATFORM, key: 'smtp' }]);
      assert.deepEqual((await store.accounts.get(PLATFORM, 'smtp'))?.pause, credentials);
      assert.equal(await store.accounts.setPause(platform, null, NOON), true);
      assert.deepEqual(await store.accounts.paused(), []);
    },
  },
  {
    name: 'accounts: what a person paused is not taken over by a failure',
    async check({ open }) {
      const { store } = await open();
      const account = anAccount();
      await store.accounts.save(account);
      assert.equal(await store.accounts.setPause(account, credentials, NOON), true);
      assert.equal(await store.accounts.setPause(account, byHand, NOON), true);
      assert.equal(await store.accounts.setPause(account, credentials, NOON), false);
      assert.deepEqual((await store.accounts.get(TENANT, account.key))?.pause, byHand);
    },
  },
  {
    name: 'accounts: rotation finds what is sealed with another key, and replaces only what it read',
    async check({ open }) {
      const { store } = await open();
      await store.accounts.save(anAccount({ key: 'old', sealedSecrets: 'v1.k1.secret' }));
      await store.accounts.save(anAccount({ key: 'new', sealedSecrets: 'v1.k10.secret' }));
      await store.accounts.save(anAccount({ key: 'none', sealedSecrets: null }));
      const found = await store.accounts.sealedWithout('k10', 10);
      assert.deepEqual(
        found.map(({ key }) => key),
        ['old'],
      );
      assert.equal((await store.accounts.sealedWithout('k1', 1)).length, 1, 'k10 is not k1');
      assert.equal(await store.accounts.reseal(TENANT, 'old', 'v1.k1.secret', 'v1.k10.other'), true);
      assert.equal(await store.accounts.reseal(TENANT, 'old', 'v1.k1.secret', 'v1.k10.late'), false);
      assert.deepEqual(await store.accounts.sealedWithout('k10', 10), []);
    },
  },
];
