import assert from 'node:assert/strict';
import type { BackendLaw } from './backend-harness.ts';
import { aFact, aMessage, anEvent, anId, aSuppression, NEIGHBOUR, NOON, settled, TENANT } from './records.ts';
import { begin, beginRows, idsOf, sendChunk, sendOne, stored } from './steps.ts';

export const deliveryLaws: readonly BackendLaw[] = [
  {
    name: 'lease: it answers the chunk’s queued rows, and the next lease takes them from the one before',
    async check({ open }) {
      const opened = await open();
      const { deliveries } = opened.store;
      const { messages, job } = await sendChunk(opened, [aMessage(), aMessage()]);
      await sendOne(opened);
      const first = await deliveries.lease(job, 'first', NOON, anId);
      assert.deepEqual(
        idsOf(first.rows),
        messages.map(({ id }) => id),
      );
      assert.deepEqual(first.rows[0], await stored(opened.store, first.rows[0]?.message ?? aMessage()));
      const second = await deliveries.lease(job, 'second', NOON, anId);
      assert.equal(second.rows.length, 2);
      assert.deepEqual(await beginRows(opened.store, first.rows, 'first'), []);
      assert.equal((await beginRows(opened.store, second.rows, 'second')).length, 2);
    },
  },
  {
    name: 'lease: rows that a lost lease left sending become unknown, and a late outcome still resolves them',
    async check({ open }) {
      const opened = await open();
      const { deliveries, messages } = opened.store;
      const { messages: sent, job } = await sendChunk(opened, [aMessage(), aMessage()]);
      const [begun, waiting] = sent;
      assert(begun !== undefined && waiting !== undefined);
      const { rows } = await deliveries.lease(job, 'first', NOON, anId);
      await beginRows(opened.store, rows.slice(0, 1), 'first');
      const { lost, rows: rest } = await deliveries.lease(job, 'second', NOON + 5, anId);
      assert.deepEqual(idsOf(rest), [waiting.id]);
      assert.deepEqual(
        lost.map(({ messageId, before, after }) => [
          messageId,
          before?.work,
          after?.work,
          after?.outcome?.name,
        ]),
        [[begun.id, 'sending', 'done', 'unknown']],
      );
      const events = await messages.events(TENANT, begun.id);
      assert.deepEqual(
        events.map(({ type, attempt, occurredAt }) => [type, attempt, occurredAt]),
        [['unknown', 1, NOON + 5]],
      );
      assert.deepEqual((await deliveries.lease(job, 'third', NOON, anId)).lost, [], 'each of them once');
      const [late] = await messages.transition(TENANT, [settled(anEvent(begun, 'accepted'), 'first')]);
      assert.deepEqual([late?.status, late?.after?.outcome?.name], ['recorded', 'accepted']);
    },
  },
  {
    name: 'turn: each attempt that begins is the next number',
    async check({ open }) {
      const opened = await open();
      const { message, job } = await sendOne(opened);
      const { rows } = await opened.store.deliveries.lease(job, 'token', NOON, anId);
      assert.equal(rows.length, 1);
      const wanted = [{ tenant: TENANT, messageId: message.id, token: 'token' }];
      const turn = await opened.store.deliveries.turn({
        now: NOON,
        limits: null,
        settle: [],
        begin: wanted,
        newEventId: anId,
      });
      assert.deepEqual(turn.begun, [{ messageId: message.id, attempt: 1 }]);
      const { delivery } = await stored(opened.store, message);
      assert.deepEqual([delivery.work, delivery.attempt], ['sending', 1]);
      const retry = { event: anEvent(message, 'deferred'), when: {}, otherwise: 'drop' } as const;
      const command = { ...retry, work: { work: 'queued', dueAt: NOON } } as const;
      await opened.store.messages.transition(TENANT, [command]);
      await opened.store.deliveries.queueDue(NOON, 10, anId);
      const again = await stored(opened.store, message);
      await opened.store.deliveries.lease({ ...job, chunk: again.delivery.chunk ?? '' }, 'token', NOON, anId);
      const second = await opened.store.deliveries.turn({
        now: NOON,
        limits: null,
        settle: [],
        begin: wanted,
        newEventId: anId,
      });
      assert.deepEqual(second.begun, [{ messageId: message.id, attempt: 2 }]);
    },
  },
  {
    name: 'turn: all of it happens or nothing',
    async check({ open }) {
      const opened = await open();
      const { messages, job } = await sendChunk(opened, [aMessage(), aMessage({ expiresAt: NOON + 1 })]);
      const [first, expired] = messages;
      assert(first !== undefined && expired !== undefined);
      const { rows } = await opened.store.deliveries.lease(job, 'token', NOON, anId);
      await beginRows(opened.store, rows.slice(0, 1), 'token');
      const turn = opened.store.deliveries.turn({
        now: NOON + 1,
        limits: null,
        settle: [settled(anEvent(first, 'accepted'), 'token')],
        begin: [{ tenant: TENANT, messageId: expired.id, token: 'token' }],
        newEventId() {
          throw new Error('There is no id for the second half of it.');
        },
      });
      await assert.rejects(turn);
      assert.equal((await stored(opened.store, first)).delivery.work, 'sending');
      assert.equal((await stored(opened.store, expired)).delivery.work, 'queued');
      assert.deepEqual(await opened.store.messages.events(TENANT, first.id), []);
    },
  },
  {
    name: 'turn: what was canceled meanwhile is not begun',
    async check({ open }) {
      const opened = await open();
      const { message, job } = await sendOne(opened);
      const { rows } = await opened.store.deliveries.lease(job, 'token', NOON, anId);
      await opened.store.messages.transition(TENANT, [
        {
          event: anEvent(message, 'canceled', { attempt: 0 }),
          when: { work: ['scheduled', 'queued'] },
          work: { work: 'done', dueAt: null },
          otherwise: 'drop',
        },
      ]);
      assert.deepEqual(await beginRows(opened.store, rows, 'token'), []);
      assert.equal((await stored(opened.store, message)).delivery.outcome?.name, 'canceled');
    },
  },
  {
    name: 'turn: nothing is begun under a foreign token or for a foreign tenant',
    async check({ open }) {
      const opened = await open();
      const { message, job } = await sendOne(opened);
      await opened.store.deliveries.lease(job, 'token', NOON, anId);
      const wanted = [
        { tenant: TENANT, messageId: message.id, token: 'another' },
        { tenant: NEIGHBOUR, messageId: message.id, token: 'token' },
      ];
      const turn = await opened.store.deliveries.turn({
        now: NOON,
        limits: null,
        settle: [],
        begin: wanted,
        newEventId: anId,
      });
      assert.deepEqual([turn.begun, turn.ended], [[], []]);
      assert.equal((await stored(opened.store, message)).delivery.work, 'queued');
    },
  },
  {
    name: 'turn: what has expired ends at the last moment, with an event',
    async check({ open }) {
      const opened = await open();
      const { job, message } = await sendOne(opened, { expiresAt: NOON + 10, sealedSlots: 'v1.k1.sealed' });
      const { messages: others, job: otherJob } = await sendChunk(opened, [
        aMessage({ expiresAt: NOON + 11 }),
      ]);
      await opened.store.deliveries.lease(job, 'token', NOON, anId);
      const wanted = [{ tenant: TENANT, messageId: message.id, token: 'token' }];
      const turn = await opened.store.deliveries.turn({
        now: NOON + 10,
        limits: null,
        settle: [],
        begin: wanted,
        newEventId: anId,
      });
      assert.deepEqual(turn.begun, []);
      assert.deepEqual(
        turn.ended.map(({ after }) => [after?.work, after?.outcome?.name]),
        [['done', 'expired']],
      );
      assert.deepEqual(await opened.store.messages.events(TENANT, message.id), turn.endedEvents);
      assert.equal((await stored(opened.store, message)).message.sealedSlots, null);
      const begun = await begin(opened.store, otherJob, 'token', NOON + 10);
      assert.deepEqual(begun, [others[0]?.id], 'what still has time goes on');
    },
  },
  {
    name: 'turn: an address that was suppressed meanwhile is not written to',
    async check({ open }) {
      const opened = await open();
      const { message, job } = await sendOne(opened);
      const { message: other, job: otherJob } = await sendOne(opened, { channel: 'sms' });
      const { rows } = await opened.store.deliveries.lease(job, 'token', NOON, anId);
      await opened.store.suppressions.add(aSuppression({ reason: 'unsubscribed' }));
      assert.deepEqual(await beginRows(opened.store, rows, 'token'), []);
      const { delivery } = await stored(opened.store, message);
      assert.deepEqual(
        [delivery.work, delivery.outcome?.name, delivery.outcome?.reason],
        ['done', 'skipped', 'suppressed:unsubscribed'],
      );
      assert.deepEqual(
        await begin(opened.store, otherJob, 'token'),
        [other.id],
        'another channel is another address',
      );
    },
  },
  {
    name: 'turn: a suppression that was lifted stops nobody',
    async check({ open }) {
      const opened = await open();
      await opened.store.suppressions.add(aSuppression());
      await opened.store.suppressions.lift(TENANT, 'email', 'anna', {}, NOON);
      const { message, job } = await sendOne(opened);
      assert.deepEqual(await begin(opened.store, job, 'token'), [message.id]);
    },
  },
  {
    name: 'turn: many at once never begin a row twice',
    async check({ open }) {
      const opened = await open();
      const { messages, job } = await sendChunk(
        opened,
        Array.from({ length: 5 }, () => aMessage()),
      );
      const { rows } = await opened.store.deliveries.lease(job, 'token', NOON, anId);
      const turns = await Promise.all(
        [1, 2, 3, 4].map(() => beginRows(opened.store, [...rows, ...rows], 'token')),
      );
      assert.deepEqual(
        turns.flat().sort(),
        messages.map(({ id }) => id),
      );
    },
  },
  {
    name: 'turn: it settles what came back, in order, and begins the next in the same call',
    async check({ open }) {
      const opened = await open();
      const { messages, job } = await sendChunk(opened, [aMessage(), aMessage(), aMessage()]);
      const [first, second, third] = messages;
      assert(first !== undefined && second !== undefined && third !== undefined);
      const { rows } = await opened.store.deliveries.lease(job, 'token', NOON, anId);
      await beginRows(opened.store, rows.slice(0, 2), 'token');
      const turn = await opened.store.deliveries.turn({
        now: NOON,
        limits: null,
        settle: [
          settled(anEvent(second, 'accepted'), 'token'),
          settled(anEvent(first, 'bounced'), 'a lost token'),
          aFact(anEvent({ id: anId(), tenant: TENANT }, 'accepted')),
        ],
        begin: [{ tenant: TENANT, messageId: third.id, token: 'token' }],
        newEventId: anId,
      });
      assert.deepEqual(
        turn.settled.map(({ messageId, status }) => (messageId === second.id ? `second ${status}` : status)),
        ['second applied', 'recorded', 'missing'],
      );
      assert.deepEqual(turn.begun, [{ messageId: third.id, attempt: 1 }]);
      assert.equal((await stored(opened.store, second)).delivery.work, 'done');
    },
  },
];
