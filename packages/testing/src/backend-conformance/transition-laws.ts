import assert from 'node:assert/strict';
import type { EventRecord, MessageRecord, OpenedBackend, Transition } from '@posthorn/core';
import type { BackendLaw } from './backend-harness.ts';
import { aFact, aMessage, anEvent, anId, NOON, queued, settled, TENANT } from './records.ts';
import { begin, sendOne, stored, wait } from './steps.ts';

export const transitionLaws: readonly BackendLaw[] = [
  {
    name: 'transition: a command happens only where all that it expects still holds',
    async check({ open }) {
      const opened = await open();
      const { message, job } = await sendOne(opened);
      await begin(opened.store, job, 'token');
      const command: Transition = { ...settled(anEvent(message, 'accepted'), 'token'), otherwise: 'drop' };
      const wrong: readonly Transition['when'][] = [
        { work: ['queued', 'done'] },
        { token: 'another' },
        { outcome: ['unknown'] },
        { attempt: 2 },
      ];
      for (const when of wrong) {
        const [result] = await opened.store.messages.transition(TENANT, [{ ...command, when }]);
        assert.equal(result?.status, 'dropped', JSON.stringify(when));
      }
      assert.deepEqual(await opened.store.messages.events(TENANT, message.id), []);
      const [result] = await opened.store.messages.transition(TENANT, [command]);
      assert.equal(result?.status, 'applied');
      assert.equal(result?.before?.work, 'sending');
      assert.deepEqual(result?.after, (await stored(opened.store, message)).delivery);
      assert.deepEqual([result?.after?.work, result?.after?.outcome?.name], ['done', 'accepted']);
    },
  },
  {
    name: 'transition: a fact is recorded and folded even where its condition does not hold',
    async check({ open }) {
      const opened = await open();
      const { message, job } = await sendOne(opened);
      await begin(opened.store, job, 'token');
      const late = settled(anEvent(message, 'bounced'), 'a lost token');
      const [result] = await opened.store.messages.transition(TENANT, [late]);
      assert.equal(result?.status, 'recorded');
      const { delivery } = await stored(opened.store, message);
      assert.deepEqual([delivery.work, delivery.outcome?.name], ['sending', 'bounced']);
      assert.deepEqual(await opened.store.messages.events(TENANT, message.id), [late.event]);
    },
  },
  {
    name: 'transition: in one call they are applied in order, each to what the one before left',
    async check({ open }) {
      const { store } = await open();
      const message = aMessage();
      await wait(store, queued(message));
      const cancel = (id: EventRecord): Transition => ({
        event: id,
        when: { work: ['scheduled', 'queued'] },
        work: { work: 'done', dueAt: null },
        otherwise: 'drop',
      });
      const results = await store.messages.transition(TENANT, [
        cancel(anEvent(message, 'canceled', { attempt: 0 })),
        cancel(anEvent(message, 'canceled', { attempt: 0 })),
        aFact(anEvent({ id: anId(), tenant: TENANT }, 'bounced')),
      ]);
      assert.deepEqual(
        results.map(({ status }) => status),
        ['applied', 'dropped', 'missing'],
      );
    },
  },
  {
    name: 'transition: the outcome does not depend on the order in which events arrive',
    async check({ open }) {
      const opened = await open();
      const outcomes: unknown[] = [];
      for (const order of ORDERS) {
        const { message } = await sendOne(opened);
        for (const index of order) {
          await opened.store.messages.transition(
            TENANT,
            facts(message).filter((_, i) => i === index),
          );
        }
        outcomes.push((await stored(opened.store, message)).delivery.outcome);
      }
      const expected = { name: 'delivered', attempt: 2, occurredAt: NOON + 3, reason: null, failure: null };
      for (const outcome of outcomes) assert.deepEqual(outcome, expected);
    },
  },
  {
    name: 'transition: what proves that a server has it ends waiting work',
    async check({ open }) {
      const { store } = await open();
      for (const type of ['accepted', 'delivered', 'bounced'] as const) {
        const message = aMessage();
        await wait(store, queued(message, { work: 'scheduled', dueAt: NOON + 60_000 }));
        const [result] = await store.messages.transition(TENANT, [aFact(anEvent(message, type))]);
        assert.deepEqual([result?.after?.work, result?.after?.dueAt], ['done', null], type);
        assert.equal((await store.deliveries.queueDue(NOON + 60_000, 10, anId)).queued, 0, type);
      }
    },
  },
  {
    name: 'transition: another attempt waits for its time without chunk and lease, and can be counted back',
    async check({ open }) {
      const opened = await open();
      const { message, job } = await sendOne(opened);
      await begin(opened.store, job, 'token');
      const retry: Transition = {
        event: anEvent(message, 'requeued', { attempt: 0 }),
        when: { work: ['sending'], token: 'token' },
        work: { work: 'queued', dueAt: NOON + 60_000, attempt: 0 },
        otherwise: 'drop',
      };
      await opened.store.messages.transition(TENANT, [retry]);
      const { delivery } = await stored(opened.store, message);
      assert.deepEqual(
        [delivery.work, delivery.dueAt, delivery.chunk, delivery.attempt],
        ['queued', NOON + 60_000, null, 0],
      );
      const [stale] = await opened.store.messages.transition(TENANT, [
        settled(anEvent(message, 'unknown'), 'token'),
      ]);
      assert.equal(stale?.status, 'recorded', 'the old token is worth nothing');
      assert.equal((await opened.store.deliveries.queueDue(NOON + 59_999, 10, anId)).queued, 0);
      assert.equal((await opened.store.deliveries.queueDue(NOON + 60_000, 10, anId)).queued, 1);
    },
  },
  {
    name: 'transition: nothing waits for another attempt once an earlier one has arrived',
    async check({ open }) {
      const opened = await open();
      const { message, job } = await sendOne(opened);
      await begin(opened.store, job, 'token');
      // The second attempt is refused for now; meanwhile the receiver's word about the first one has come.
      await opened.store.messages.transition(TENANT, [
        aFact(anEvent(message, 'delivered', { attempt: 1 })),
        aFact(anEvent(message, 'deferred', { attempt: 2 })),
      ]);
      const retry: Transition = {
        event: anEvent(message, 'deferred', { attempt: 2, occurredAt: NOON + 1 }),
        when: { token: 'token' },
        work: { work: 'queued', dueAt: NOON },
        otherwise: 'drop',
      };
      const [result] = await opened.store.messages.transition(TENANT, [retry]);
      assert.equal(result?.after?.work, 'done');
      assert.equal((await opened.store.deliveries.queueDue(NOON + 1, 10, anId)).queued, 0);
    },
  },
  {
    name: 'transition: secret values are wiped once a message is done, and kept while it is in doubt',
    async check({ open }) {
      const opened = await open();
      const sealedSlots = 'v1.k1.sealed';
      assert.equal(await sealedAfter(opened, sealedSlots, ['unknown']), sealedSlots);
      assert.equal(await sealedAfter(opened, sealedSlots, ['accepted']), null);
      assert.equal(await sealedAfter(opened, sealedSlots, ['unknown', 'delivered']), null);
    },
  },
];

/** The first ends the work, the others come from outside. */
async function sealedAfter(
  opened: OpenedBackend,
  sealedSlots: string,
  types: readonly EventRecord['type'][],
) {
  const { message, job } = await sendOne(opened, { sealedSlots });
  await begin(opened.store, job, 'token');
  for (const type of types) {
    await opened.store.messages.transition(TENANT, [settled(anEvent(message, type), 'token')]);
  }
  return (await stored(opened.store, message)).message.sealedSlots;
}

function facts(message: MessageRecord): readonly Transition[] {
  return [
    anEvent(message, 'unknown', { attempt: 1 }),
    anEvent(message, 'bounced', { attempt: 1, occurredAt: NOON + 9 }),
    anEvent(message, 'deferred', { attempt: 2, occurredAt: NOON + 8 }),
    anEvent(message, 'delivered', { attempt: 2, occurredAt: NOON + 3 }),
    anEvent(message, 'delivered', { attempt: 2, occurredAt: NOON + 2 }),
  ].map(aFact);
}

const ORDERS: readonly (readonly number[])[] = [
  [0, 1, 2, 3, 4],
  [4, 3, 2, 1, 0],
  [3, 0, 4, 1, 2],
  [2, 4, 1, 3, 0, 2, 3],
];
