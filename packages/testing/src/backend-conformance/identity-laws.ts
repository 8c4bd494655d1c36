import assert from 'node:assert/strict';
import type { Store } from '@posthorn/core';
import type { BackendLaw } from './backend-harness.ts';
import { anIdentity, NEIGHBOUR, NOON, TENANT } from './records.ts';

export const identityLaws: readonly BackendLaw[] = [
  {
    name: 'identities: the first of a channel becomes its default, the first of email the contact address too',
    async check({ open }) {
      const { store } = await open();
      await store.identities.save(anIdentity());
      await store.identities.save(anIdentity({ channel: 'sms', key: 'sms', address: 'SALON' }));
      const email = await store.identities.get(TENANT, 'email', 'salon');
      assert.deepEqual(email, anIdentity({ isDefault: true, isContact: true }));
      const sms = await store.identities.get(TENANT, 'sms', 'sms');
      assert.deepEqual([sms?.isDefault, sms?.isContact], [true, false]);
    },
  },
  {
    name: 'identities: a mark moves to the one that is saved with it, so there is always exactly one',
    async check({ open }) {
      const { store } = await open();
      for (const key of ['a', 'b', 'c']) await store.identities.save(anIdentity({ key }));
      await store.identities.save(anIdentity({ tenant: NEIGHBOUR, key: 'theirs' }));
      await Promise.all([
        store.identities.save(anIdentity({ key: 'b', isDefault: true })),
        store.identities.save(anIdentity({ key: 'c', isDefault: true, isContact: true })),
      ]);
      const { default: defaults, contact } = await holders(store, TENANT);
      assert.deepEqual(contact, ['c']);
      // Either of the two may be the last.
      assert(defaults?.length === 1 && ['b', 'c'].includes(defaults[0] ?? ''));
      await store.identities.save(anIdentity({ key: 'c', isDefault: true, isContact: true }));
      assert.deepEqual(await holders(store, TENANT), { default: ['c'], contact: ['c'] });
      assert.equal((await store.identities.defaultOf(TENANT, 'email'))?.key, 'c');
      assert.equal((await store.identities.contactOf(TENANT))?.key, 'c');
      assert.deepEqual(await holders(store, NEIGHBOUR), { default: ['theirs'], contact: ['theirs'] });
    },
  },
  {
    name: 'identities: the holder of a mark is not saved without it, and nothing of the save happens',
    async check({ open }) {
      const { store } = await open();
      await store.identities.save(anIdentity({ key: 'a' }));
      await store.identities.save(anIdentity({ key: 'b', isContact: true }));
      assert.equal(await store.identities.save(anIdentity({ key: 'a', name: 'New' })), 'is_default');
      assert.equal(await store.identities.save(anIdentity({ key: 'b', name: 'New' })), 'is_contact');
      assert.equal((await store.identities.get(TENANT, 'email', 'a'))?.name, 'Salon Sol');
      assert.deepEqual(await holders(store, TENANT), { default: ['a'], contact: ['b'] });
    },
  },
  {
    name: 'identities: the holder of a mark is removed only as the last one',
    async check({ open }) {
      const { store } = await open();
      await store.identities.save(anIdentity({ key: 'a' }));
      await store.identities.save(anIdentity({ key: 'b', isContact: true }));
      assert.equal(await store.identities.remove(TENANT, 'email', 'a'), 'is_default');
      assert.equal(await store.identities.remove(TENANT, 'email', 'b'), 'is_contact');
      assert.equal(await store.identities.remove(TENANT, 'email', 'nobody'), 'missing');
      await store.identities.save(anIdentity({ key: 'b', isContact: true, isDefault: true }));
      assert.equal(await store.identities.remove(TENANT, 'email', 'a'), 'removed');
      assert.equal(await store.identities.remove(TENANT, 'email', 'b'), 'removed');
      assert.equal(await store.identities.contactOf(TENANT), undefined);
    },
  },
  {
    name: 'identities: listed by channel and key; saving again keeps when it was made',
    async check({ open }) {
      const { store } = await open();
      const marks = { isDefault: true, isContact: true };
      await store.identities.save(anIdentity({ channel: 'sms', key: 'a' }));
      await store.identities.save(anIdentity({ key: 'b' }));
      await store.identities.save(anIdentity({ key: 'a' }));
      await store.identities.save(
        anIdentity({ key: 'b', ...marks, name: 'New', createdAt: NOON + 9, updatedAt: NOON + 9 }),
      );
      const all = await store.identities.list(TENANT);
      assert.deepEqual(
        all.map(({ channel, key }) => `${channel} ${key}`),
        ['email a', 'email b', 'sms a'],
      );
      const email = await store.identities.list(TENANT, 'email');
      assert.deepEqual(email[1], anIdentity({ key: 'b', ...marks, name: 'New', updatedAt: NOON + 9 }));
    },
  },
];

async function holders(store: Store, tenant: string) {
  const all = await store.identities.list(tenant);
  return {
    default: all.filter(({ isDefault }) => isDefault).map(({ key }) => key),
    contact: all.filter(({ isContact }) => isContact).map(({ key }) => key),
  };
}
