import assert from 'node:assert/strict';
import type { MessageRecord } from '@posthorn/core';
import type { BackendLaw } from './backend-harness.ts';
import { aFact, anEvent, NEIGHBOUR, NOON, TENANT } from './records.ts';
import { leave } from './report-steps.ts';
import { DAY_MS, keepFor, leaveEarly, pass, removeOld, rulesAt } from './retention-steps.ts';
import { begin, sendOne, stored } from './steps.ts';

const WORDS = { text: '<anna@example.dk>: user unknown', code: 550, enhanced: '5.1.1' };
const FAILURE = {
  category: 'unknown_mailbox',
  fault: 'recipient',
  bounceClass: 'hard',
  reply: WORDS,
} as const;

/** What is left of a message that is not whole any more. */
const EMPTY = { slots: [], sealedSlots: null, headers: {}, attachments: [] };

export const retentionLaws: readonly BackendLaw[] = [
  {
    name: 'retention: what a template’s messages said goes after its days, and the words about them; the rest stays',
    async check({ open }) {
      const opened = await open();
      const { store } = opened;
      await keepFor(store, 30);
      const message = await leave(opened, {}, 'bounced', { by: 'Ida', address: 'anna@example.dk' });
      const bounce = anEvent(message, 'bounced', { failure: FAILURE, occurredAt: NOON + 1 });
      await store.messages.transition(TENANT, [aFact(bounce)]);
      const other = await leave(opened, { template: 'other' });
      const foreign = await leave(opened, { tenant: NEIGHBOUR });
      const before = await stored(store, message);

      const early = await pass(store, rulesAt(NOON + 30 * DAY_MS - 1));
      assert.equal(early.redacted, 0);
      assert.deepEqual(await stored(store, message), before);
      const now = NOON + 31 * DAY_MS;
      assert.equal((await pass(store, rulesAt(now))).redacted, 1);

      const after = await stored(store, message);
      const failure = { ...FAILURE, reply: { ...WORDS, text: '' } };
      assert.deepEqual(after.message, { ...before.message, ...EMPTY });
      assert(before.delivery.outcome !== null);
      const outcome = { ...before.delivery.outcome, failure };
      assert.deepEqual(after.delivery, { ...before.delivery, outcome, redactedAt: now });
      const events = await store.messages.events(TENANT, message.id);
      assert.deepEqual(
        events.map(({ type, occurredAt }) => [type, occurredAt]),
        [
          ['bounced', NOON],
          ['bounced', NOON + 1],
        ],
      );
      assert.deepEqual([events[0]?.detail, events[1]?.failure], [{ by: 'Ida' }, failure]);
      for (const kept of [other, foreign])
        assert.deepEqual((await stored(store, kept)).message.slots, kept.slots);
      assert.equal((await pass(store, rulesAt(now + DAY_MS))).redacted, 0);
    },
  },
  {
    name: 'retention: one that waits, is to leave later, or is in doubt is whole until it is done and its days are over',
    async check({ open }) {
      const opened = await open();
      const { store } = opened;
      await keepFor(store, 1);
      const waiting = await sendOne(opened);
      const doubtful = await leave(opened, {}, 'unknown');
      const later = await leave(opened, { sendAt: NOON + 10 * DAY_MS });
      const whole = async () => {
        const all = [waiting.message, doubtful, later].map((message) => stored(store, message));
        return (await Promise.all(all)).map(({ delivery }) => delivery.redactedAt === null);
      };
      await pass(store, rulesAt(NOON + 2 * DAY_MS));
      assert.deepEqual(await whole(), [true, true, true]);
      await store.messages.transition(TENANT, [aFact(anEvent(doubtful, 'delivered'))]);
      await pass(store, rulesAt(NOON + 5 * DAY_MS));
      assert.deepEqual(await whole(), [true, false, true]);
      await begin(store, waiting.job, 'token', NOON + 6 * DAY_MS);
      await store.messages.transition(TENANT, [
        {
          event: anEvent(waiting.message, 'failed'),
          when: {},
          work: { work: 'done', dueAt: null },
          otherwise: 'record',
        },
      ]);
      await pass(store, rulesAt(NOON + 8 * DAY_MS));
      assert.deepEqual(await whole(), [false, false, true]);
      await pass(store, rulesAt(NOON + 12 * DAY_MS));
      assert.deepEqual(await whole(), [false, false, false]);
    },
  },
  {
    name: 'retention: what is redacted is never sent again, and what is told of it later keeps no words',
    async check({ open }) {
      const opened = await open();
      const { store } = opened;
      await keepFor(store, 1);
      const message = await leave(opened, {}, 'failed');
      await pass(store, rulesAt(NOON + 2 * DAY_MS));
      const [again] = await store.messages.transition(TENANT, [
        {
          event: anEvent(message, 'requeued', { attempt: 2 }),
          when: { work: ['done'], outcome: ['failed'] },
          work: { work: 'queued', dueAt: NOON, attempt: 2 },
          otherwise: 'drop',
        },
      ]);
      assert.equal(again?.status, 'dropped');
      const late = anEvent(message, 'bounced', {
        failure: FAILURE,
        detail: { ip: '192.0.2.1', provider: 'bounce' },
      });
      await store.messages.transition(TENANT, [aFact(late)]);
      const { delivery } = await stored(store, message);
      assert.deepEqual([delivery.work, delivery.outcome?.name], ['done', 'bounced']);
      assert.equal(delivery.outcome?.failure?.reply?.text, '');
      const event = (await store.messages.events(TENANT, message.id)).find(({ id }) => id === late.id);
      assert.deepEqual([event?.detail, event?.failure?.reply?.text], [{ provider: 'bounce' }, '']);
    },
  },
  {
    name: 'retention: other days count for all messages of a template; without any nothing goes',
    async check({ open }) {
      const opened = await open();
      const { store } = opened;
      await keepFor(store, null);
      const messages: MessageRecord[] = [];
      for (let i = 0; i < 3; i += 1) messages.push(await leave(opened, { createdAt: NOON + i * 5 * DAY_MS }));
      const whole = async () => {
        const all = messages.map((message) => stored(store, message));
        return (await Promise.all(all)).filter(({ delivery }) => delivery.redactedAt === null).length;
      };
      await pass(store, rulesAt(NOON + 12 * DAY_MS));
      assert.equal(await whole(), 3);
      await keepFor(store, 11);
      await pass(store, rulesAt(NOON + 13 * DAY_MS));
      assert.equal(await whole(), 2);
      await keepFor(store, 4);
      await pass(store, rulesAt(NOON + 13 * DAY_MS + DAY_MS / 2));
      assert.equal(await whole(), 1);
      await keepFor(store, null);
      await pass(store, rulesAt(NOON + 99 * DAY_MS));
      assert.equal(await whole(), 1);
    },
  },
  {
    name: 'retention: old messages go with all that is theirs; what waits, is in doubt or is younger stays',
    async check({ open }) {
      const opened = await open();
      const { store } = opened;
      const subscription = {
        id: 'records',
        tenant: null,
        name: 'records',
        createdAt: NOON,
        types: ['delivered'],
      };
      await store.subscriptions.save(subscription as never);
      const old = await leaveEarly(opened);
      const foreign = await leaveEarly(opened, { tenant: NEIGHBOUR });
      const early = { createdAt: NOON - 9 * DAY_MS };
      const kept = [
        (await sendOne(opened, early)).message,
        await leave(opened, early, 'unknown'),
        // Its last outcome is of noon.
        await leave(opened, early),
        await leaveEarly(opened, { sendAt: NOON + DAY_MS }),
        await leaveEarly(opened, {}, 0),
      ];
      const gone = await removeOld(store, NOON + DAY_MS, { limit: 2 });
      assert.equal(gone.removed, 2);
      for (const { tenant, id } of [old, foreign]) {
        assert.deepEqual(await store.messages.get(tenant, [id]), []);
        assert.deepEqual(await store.messages.events(tenant, id), []);
        assert.deepEqual(await store.reports.messages([id]), []);
      }
      const listed = await store.messages.list(TENANT, {}, { limit: 50 });
      assert.deepEqual(listed.map(({ message }) => message.id).sort(), kept.map(({ id }) => id).sort());
      for (const message of kept)
        assert.deepEqual((await stored(store, message)).message.slots, message.slots);
      await removeOld(store, NOON + 9 * DAY_MS, { messagesBefore: NOON + 8 * DAY_MS });
      const last = await store.messages.list(TENANT, {}, { limit: 50 });
      const [waiting, inDoubt] = kept.map(({ id }) => id);
      assert.deepEqual(last.map(({ message }) => message.id).sort(), [waiting, inDoubt].sort());
    },
  },
  {
    name: 'retention: a pass goes in small steps, goes on where it was, and comes again after its pause or when the clock is set back',
    async check({ open }) {
      const opened = await open();
      const { store } = opened;
      for (let i = 0; i < 25; i += 1) await leaveEarly(opened);
      const rules = rulesAt(NOON + DAY_MS, { messagesBefore: NOON, limit: 5 });
      assert.equal(await store.retention.dueAt(rules.now, rules.pauseMs), rules.now);
      const one = await store.retention.step(rules);
      assert(one.removed <= 5 && one.nextAt === null);
      const rest = await pass(store, rules);
      assert.deepEqual([one.removed + rest.removed, rest.nextAt], [25, rules.now + rules.pauseMs]);
      assert(rest.steps >= 4);
      await leaveEarly(opened);
      const soon = { ...rules, now: rules.now + rules.pauseMs - 1 };
      assert.deepEqual(await store.retention.step(soon), { redacted: 0, removed: 0, nextAt: rest.nextAt });
      assert.equal(await store.retention.dueAt(soon.now, soon.pauseMs), rest.nextAt);
      const back = { ...rules, now: NOON + 1 };
      assert.equal(await store.retention.dueAt(back.now, back.pauseMs), back.now);
      assert.equal((await pass(store, back)).removed, 1);
    },
  },
  {
    name: 'retention: of two processes at once every old message is removed and told once',
    async check({ open }) {
      const opened = await open();
      for (let i = 0; i < 30; i += 1) await leaveEarly(opened);
      const other = await open();
      const [first, second] = await Promise.all([removeOld(opened.store), removeOld(other.store)]);
      assert.equal(first.removed + second.removed, 30);
      assert.deepEqual(await opened.store.messages.list(TENANT, {}, { limit: 1 }), []);
    },
  },
];
