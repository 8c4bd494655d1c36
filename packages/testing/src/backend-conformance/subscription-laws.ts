import assert from 'node:assert/strict';
import type { FedType, OpenedBackend, Store, SubscriptionRecord } from '@posthorn/core';
import type { BackendLaw } from './backend-harness.ts';
import {
  aBatch,
  aFact,
  aMessage,
  anEvent,
  anId,
  aSuppression,
  NEIGHBOUR,
  NOON,
  queued,
  TENANT,
} from './records.ts';
import { aReport, aWord, leave, settleAll } from './report-steps.ts';
import { sendOne } from './steps.ts';

export function aSubscription(parts: Partial<SubscriptionRecord> = {}): SubscriptionRecord {
  return { id: anId(), tenant: null, name: 'crm', types: ['bounced', 'skipped'], createdAt: NOON, ...parts };
}

/** Ids of the events and marks that wait, in order. */
async function waiting({ subscriptions }: Store, id: string): Promise<readonly (string | undefined)[]> {
  return (await subscriptions.next(id, 100)).map(({ fact }) => {
    if (fact === null) return undefined;
    return 'event' in fact ? fact.event.id : fact.mark.id;
  });
}

/** A message of the tenant to which this happened; answers the event's id. */
async function happen(opened: OpenedBackend, type: FedType = 'bounced', tenant = TENANT): Promise<string> {
  const { message } = await sendOne(opened, { tenant });
  const event = anEvent(message, type as 'bounced');
  await opened.store.messages.transition(tenant, [aFact(event)]);
  return event.id;
}

async function positionsOf({ subscriptions }: Store, id: string): Promise<readonly number[]> {
  return (await subscriptions.next(id, 100)).map(({ position }) => position);
}

/** It is held by this token, and so many events wait for it. */
async function held(opened: OpenedBackend, token: string, events: number): Promise<string> {
  const { subscriptions } = opened.store;
  const id = await subscriptions.save(aSubscription());
  for (let count = 0; count < events; count += 1) await happen(opened);
  assert.equal(await subscriptions.claim(id, token, null), true);
  return id;
}

export const subscriptionLaws: readonly BackendLaw[] = [
  {
    name: 'subscriptions: events of the wanted types wait from the beginning on, in order, with their message as it is',
    async check({ open }) {
      const opened = await open();
      const { store } = opened;
      await happen(opened);
      const id = await store.subscriptions.save(aSubscription());
      assert.deepEqual(await store.subscriptions.look(id), {
        types: ['bounced', 'skipped'],
        hold: null,
        isWaiting: false,
      });
      const first = await happen(opened);
      await happen(opened, 'deferred');
      const skipped = aMessage();
      const event = anEvent(skipped, 'skipped', { reason: 'no_address' });
      await store.messages.enqueue(aBatch([queued(skipped, { work: 'done', dueAt: null, event })]));
      const message = await leave(opened);
      const report = aReport(message, 'bounced');
      await settleAll(store, report, report, aReport(message, 'opened'));
      assert.deepEqual(await waiting(store, id), [first, event.id, report.event.id]);
      assert.equal((await store.subscriptions.look(id))?.isWaiting, true);

      const fed = (await store.subscriptions.next(id, 100)).at(-1);
      assert(fed?.fact != null && 'event' in fed.fact);
      const [stored] = await store.messages.get(TENANT, [message.id]);
      assert.equal(fed.type, 'bounced');
      assert.deepEqual(fed.fact.event, report.event);
      assert.deepEqual(fed.fact.delivery, stored?.delivery);
      assert.equal(fed.fact.message.address, message.address);
      assert.equal((await store.subscriptions.next(id, 2)).length, 2);
    },
  },
  {
    name: 'subscriptions: a tenant’s is given what is of that tenant, and one of all tenants everything',
    async check({ open }) {
      const opened = await open();
      const { store } = opened;
      const all = await store.subscriptions.save(aSubscription());
      const own = await store.subscriptions.save(aSubscription({ tenant: TENANT }));
      const other = await store.subscriptions.save(aSubscription({ tenant: NEIGHBOUR }));
      assert.equal(new Set([all, own, other]).size, 3, 'a name is a tenant’s');
      const ours = await happen(opened);
      const theirs = await happen(opened, 'bounced', NEIGHBOUR);
      assert.deepEqual(await waiting(store, all), [ours, theirs]);
      assert.deepEqual(await waiting(store, own), [ours]);
      assert.deepEqual(await waiting(store, other), [theirs]);
    },
  },
  {
    name: 'subscriptions: what recipients do about their addresses waits, and not what people mark by hand',
    async check({ open }) {
      const opened = await open();
      const { store } = opened;
      const types = ['address.unsubscribed', 'address.resubscribed'] as const;
      const id = await store.subscriptions.save(aSubscription({ types }));
      const byPage = aSuppression({ reason: 'unsubscribed', evidence: { how: 'page', message: anId() } });
      await store.suppressions.add(byPage);
      await store.suppressions.add({ ...byPage, id: anId() });
      await store.suppressions.lift(
        TENANT,
        'email',
        'anna',
        { how: 'page', message: anId() },
        NOON,
        'unsubscribed',
      );
      await store.suppressions.add(aSuppression({ reason: 'unsubscribed', evidence: { by: 'kim' } }));
      await store.suppressions.lift(TENANT, 'email', 'anna', { by: 'kim' }, NOON);
      const message = await leave(opened);
      const word = aWord(message, 'unsubscribed', { occurredAt: NOON + 1, recordedAt: NOON + 1 });
      await settleAll(store, word);
      const fed = await store.subscriptions.next(id, 100);
      assert.deepEqual(
        fed.map(({ type }) => type),
        ['address.unsubscribed', 'address.resubscribed', 'address.unsubscribed'],
      );
      assert.deepEqual(await waiting(store, id), [byPage.id, byPage.id, word.address?.id]);
    },
  },
  {
    name: 'subscriptions: one that is saved again goes on, with its new types and with nobody who knows only the old ones',
    async check({ open }) {
      const opened = await open();
      const { subscriptions } = opened.store;
      const id = await held(opened, 'token', 1);
      assert.equal(await subscriptions.save(aSubscription()), id);
      assert.equal((await subscriptions.look(id))?.hold?.token, 'token', 'nothing has changed');
      assert.equal(await subscriptions.save(aSubscription({ types: ['delivered'] })), id);
      assert.deepEqual(await subscriptions.look(id), { types: ['delivered'], hold: null, isWaiting: true });
      assert.equal(await subscriptions.beat(id, 'token'), false);
      await happen(opened, 'delivered');
      await happen(opened, 'bounced');
      const fed = await subscriptions.next(id, 100);
      assert.deepEqual(
        fed.map(({ type }) => type),
        ['bounced', 'delivered'],
      );
    },
  },
  {
    name: 'subscriptions: one is held by one at a time, and taken over only from whom was seen and said nothing since',
    async check({ open }) {
      const opened = await open();
      const { subscriptions } = opened.store;
      const id = await held(opened, 'one', 0);
      assert.equal(await subscriptions.claim(id, 'two', null), false);
      const seen = (await subscriptions.look(id))?.hold;
      assert(seen != null);
      assert.equal(await subscriptions.beat(id, 'one'), true);
      assert.equal(await subscriptions.claim(id, 'two', seen), false, 'it has said something since');
      const again = (await subscriptions.look(id))?.hold;
      assert(again != null);
      assert.equal(await subscriptions.claim(id, 'two', again), true);
      assert.equal(await subscriptions.claim(id, 'three', again), false);
      assert.equal(await subscriptions.beat(id, 'one'), false);
      await subscriptions.release(id, 'one');
      assert.equal((await subscriptions.look(id))?.hold?.token, 'two');
      await subscriptions.release(id, 'two');
      assert.equal((await subscriptions.look(id))?.hold, null);
    },
  },
  {
    name: 'subscriptions: what its holder has passed waits no longer, and everything else goes on waiting',
    async check({ open }) {
      const opened = await open();
      const { store } = opened;
      const id = await held(opened, 'token', 4);
      const other = await store.subscriptions.save(aSubscription({ name: 'other' }));
      await happen(opened);
      const [a, b, c, d, e] = await positionsOf(store, id);
      assert(a !== undefined && b !== undefined && c !== undefined && d !== undefined && e !== undefined);
      const before = (await store.subscriptions.look(id))?.hold;
      assert.equal(await store.subscriptions.pass(id, 'token', [a, c]), true);
      assert.notDeepEqual((await store.subscriptions.look(id))?.hold, before, 'its holder lives');
      assert.deepEqual(await positionsOf(store, id), [b, d, e]);
      assert.equal((await store.subscriptions.next(other, 100)).length, 1);
    },
  },
  {
    name: 'subscriptions: who has lost it passes nothing',
    async check({ open }) {
      const opened = await open();
      const { store } = opened;
      const id = await held(opened, 'token', 2);
      const positions = await positionsOf(store, id);
      const hold = (await store.subscriptions.look(id))?.hold ?? null;
      assert.equal(await store.subscriptions.claim(id, 'another', hold), true);
      assert.equal(await store.subscriptions.pass(id, 'token', positions), false);
      assert.deepEqual(await positionsOf(store, id), positions);
    },
  },
  {
    name: 'subscriptions: listed by name, each tenant its own, with what waits and since when',
    async check({ open }) {
      const opened = await open();
      const { subscriptions } = opened.store;
      const [b, a] = [
        aSubscription({ tenant: TENANT, name: 'b' }),
        aSubscription({ tenant: TENANT, name: 'a' }),
      ];
      await subscriptions.save(b);
      await happen(opened);
      await happen(opened);
      await subscriptions.save(a);
      await subscriptions.save(aSubscription({ tenant: NEIGHBOUR, name: 'c' }));
      assert.deepEqual(await subscriptions.list(TENANT), [
        { ...a, waiting: 0, waitingSince: null },
        { ...b, waiting: 2, waitingSince: NOON },
      ]);
      assert.deepEqual(await subscriptions.list(null), []);
    },
  },
  {
    name: 'subscriptions: one that is removed is gone with all that waited, however much, and its name begins anew',
    async check({ open }) {
      const opened = await open();
      const { subscriptions, messages } = opened.store;
      const id = await held(opened, 'token', 1);
      const skipped = Array.from({ length: 2_500 }, () => {
        const message = aMessage();
        return queued(message, { work: 'done', dueAt: null, event: anEvent(message, 'skipped') });
      });
      await messages.enqueue(aBatch(skipped));
      assert.equal(await subscriptions.remove(TENANT, 'crm', NOON), false, 'it is nobody’s of this name');
      assert.equal(await subscriptions.remove(null, 'crm', NOON), true);
      assert.equal(await subscriptions.remove(null, 'crm', NOON), false);
      assert.equal(await subscriptions.look(id), undefined);
      assert.equal(await subscriptions.beat(id, 'token'), false);
      assert.equal(await subscriptions.claim(id, 'token', null), false);
      assert.deepEqual(await subscriptions.list(null), []);
      assert.deepEqual(await subscriptions.next(id, 100), []);
      const again = await subscriptions.save(aSubscription({ createdAt: NOON + 7_200_000 }));
      assert.notEqual(again, id);
      await happen(opened);
      assert.deepEqual(await subscriptions.next(id, 100), []);
      assert.equal((await subscriptions.next(again, 100)).length, 1);
    },
  },
  {
    name: 'subscriptions: what a host rolls back waits for nobody, and what it commits does',
    needs: 'hostTransaction',
    async check({ open, host }) {
      assert(host !== undefined, 'a place whose backend works on host transactions brings them');
      const opened = await open();
      const id = await opened.store.subscriptions.save(aSubscription());
      const skip = async (): Promise<string> => {
        const message = aMessage();
        const event = anEvent(message, 'skipped');
        const batch = aBatch([queued(message, { work: 'done', dueAt: null, event })]);
        await opened.store.messages.enqueue(batch, await host.begin());
        return event.id;
      };
      await skip();
      await host.rollback();
      assert.deepEqual(await waiting(opened.store, id), []);
      const kept = await skip();
      await host.commit();
      assert.deepEqual(await waiting(opened.store, id), [kept]);
    },
  },
];
