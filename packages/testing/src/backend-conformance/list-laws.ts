import assert from 'node:assert/strict';
import type { MessageFilter, MessageRecord, Store } from '@posthorn/core';
import type { BackendLaw } from './backend-harness.ts';
import { aFact, aMessage, anEvent, NEIGHBOUR, NOON, queued, TENANT } from './records.ts';
import { idsOf, sendOne, wait } from './steps.ts';

export const listLaws: readonly BackendLaw[] = [
  {
    name: 'list: each filter keeps what it names, newest first, and together they narrow down',
    async check({ open }) {
      const { store } = await open();
      const sms = aMessage({ channel: 'sms', template: 'reminder', createdAt: NOON });
      const bent = aMessage({
        recipient: { source: 'customers', id: '18' },
        addressKey: 'bent',
        createdAt: NOON + 1,
      });
      const staff = aMessage({
        recipient: { source: 'staff', id: '17' },
        addressKey: null,
        createdAt: NOON + 2,
      });
      const adHoc = aMessage({ template: null, recipient: null, createdAt: NOON + 3 });
      await wait(store, ...[staff, adHoc, sms, bent].map((message) => queued(message)));

      const expectations: readonly (readonly [MessageFilter, readonly MessageRecord[]])[] = [
        [{}, [adHoc, staff, bent, sms]],
        [{ channel: 'sms' }, [sms]],
        [{ template: 'confirmation' }, [staff, bent]],
        [{ recipient: { source: 'customers', id: '17' } }, [sms]],
        [{ recipient: { source: 'staff', id: '17' } }, [staff]],
        [{ addressKey: 'anna' }, [adHoc, sms]],
        [{ createdFrom: NOON + 1, createdBefore: NOON + 3 }, [staff, bent]],
        [{ channel: 'email', addressKey: 'anna' }, [adHoc]],
        [{ channel: 'sms', template: 'confirmation' }, []],
      ];
      for (const [filter, expected] of expectations) {
        const found = await store.messages.list(TENANT, filter, { limit: 10 });
        assert.deepEqual(
          idsOf(found),
          expected.map(({ id }) => id),
          JSON.stringify(filter),
        );
      }
    },
  },
  {
    name: 'count: an address has the messages of one tenant and account that left, or may leave, in a time',
    async check({ open }) {
      const opened = await open();
      const { store } = opened;
      const at = (createdAt: number, parts: Partial<MessageRecord> = {}) => aMessage({ createdAt, ...parts });
      const counted = [at(NOON), at(NOON + 9), at(0, { sendAt: NOON + 5 })];
      const others = [
        at(NOON - 1),
        at(NOON + 10),
        at(NOON + 5, { sendAt: NOON + 20 }),
        at(NOON + 5, { account: 'other' }),
        at(NOON + 5, { accountTenant: NEIGHBOUR }),
        at(NOON + 5, { tenant: NEIGHBOUR }),
        at(NOON + 5, { addressKey: 'carl' }),
      ];
      const bent = at(NOON + 5, { addressKey: 'bent' });
      await wait(store, ...[...counted, ...others, bent].map((message) => queued(message)));
      for (const outcome of ['skipped', 'canceled', 'expired', 'failed'] as const) {
        const { message } = await sendOne(opened, { createdAt: NOON + 5 });
        const when = { work: ['queued'] } as const;
        const work = { work: 'done', dueAt: null } as const;
        const event = anEvent(message, outcome, { attempt: 0 });
        await store.messages.transition(TENANT, [{ event, when, work, otherwise: 'drop' }]);
      }
      const { account, accountTenant } = aMessage();
      const place = { account, accountTenant, from: NOON - 1, until: NOON + 10 };
      const addressKeys = ['anna', 'bent', 'dora'];
      const counts = await store.messages.countTo(TENANT, { ...place, addressKeys });
      // Three that wait and the one that failed, which somebody may have got.
      assert.deepEqual([...counts].sort(), [
        ['anna', 4],
        ['bent', 1],
      ]);
    },
  },
  {
    name: 'list: a status is the outcome, or the work where there is none',
    async check({ open }) {
      const opened = await open();
      const { store } = opened;
      const waiting = aMessage();
      await wait(store, queued(waiting, { work: 'scheduled', dueAt: NOON + 1 }));
      const { message: inChunk } = await sendOne(opened);
      const { message: deferred } = await sendOne(opened);
      const { message: accepted } = await sendOne(opened);
      const { message: bounced } = await sendOne(opened);
      const { message: requeued } = await sendOne(opened);
      await store.messages.transition(TENANT, [
        aFact(anEvent(deferred, 'deferred')),
        aFact(anEvent(accepted, 'accepted')),
        aFact(anEvent(bounced, 'bounced')),
        aFact(anEvent(requeued, 'unknown')),
        aFact(anEvent(requeued, 'requeued', { occurredAt: NOON + 1 })),
      ]);
      const expectations: readonly (readonly [MessageFilter['status'], readonly MessageRecord[]])[] = [
        [['scheduled'], [waiting]],
        [['queued'], [requeued, inChunk]],
        [['deferred'], [deferred]],
        [['accepted'], [accepted]],
        [
          ['bounced', 'deferred'],
          [bounced, deferred],
        ],
        [
          ['accepted', 'bounced', 'queued'],
          [requeued, bounced, accepted, inChunk],
        ],
        [['unknown', 'sending'], []],
        [[], []],
      ];
      for (const [status, expected] of expectations) {
        const found = await store.messages.list(TENANT, { status }, { limit: 10 });
        assert.deepEqual(
          idsOf(found),
          expected.map(({ id }) => id),
          String(status),
        );
      }
    },
  },
  {
    name: 'list: pages lose and repeat nothing, also within one millisecond and while new ones arrive',
    async check({ open }) {
      const { store } = await open();
      const messages = Array.from({ length: 9 }, (_, i) => aMessage({ createdAt: NOON + (i >> 2) }));
      await wait(store, ...messages.map((message) => queued(message)));
      const expected = messages.map(({ id }) => id).reverse();
      for (const filter of [{}, { status: ['queued'] as const }]) {
        assert.deepEqual(await pages(store, filter), expected, JSON.stringify(filter));
      }
    },
  },
  {
    name: 'events: in the order in which they occurred, and the same one again is still one',
    async check({ open }) {
      const opened = await open();
      const { message } = await sendOne(opened);
      const late = anEvent(message, 'delivered', { occurredAt: NOON + 9, detail: { by: ['mx', 1, null] } });
      const early = anEvent(message, 'accepted', { occurredAt: NOON + 1, recordedAt: NOON + 20 });
      const failure = {
        category: 'mailbox_full',
        fault: 'recipient',
        reply: { code: 452, text: 'full' },
      } as const;
      const between = anEvent(message, 'deferred', { occurredAt: NOON + 5, failure, reason: 'later' });
      for (const event of [late, early, between, late]) {
        await opened.store.messages.transition(TENANT, [aFact(event)]);
      }
      assert.deepEqual(await opened.store.messages.events(TENANT, message.id), [early, between, late]);
    },
  },
];

/** Every page of two; after each of them one more message arrives. */
async function pages(store: Store, filter: MessageFilter): Promise<readonly string[]> {
  const seen: string[] = [];
  let before: { createdAt: number; id: string } | undefined;
  for (;;) {
    const page = await store.messages.list(
      TENANT,
      { ...filter, createdBefore: NOON + 3 },
      { limit: 2, ...(before && { before }) },
    );
    before = page.at(-1)?.message;
    if (before === undefined) return seen;
    seen.push(...idsOf(page));
    await wait(store, queued(aMessage({ createdAt: NOON + 3 })));
  }
}
