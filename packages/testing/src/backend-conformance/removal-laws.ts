import assert from 'node:assert/strict';
import type { BackendLaw } from './backend-harness.ts';
import { sendBroadcast } from './broadcast-steps.ts';
import { aBatch, aContent, aFact, aMessage, anEvent, NOON, queued, TENANT } from './records.ts';
import { ACCOUNT, anUnmatched } from './report-steps.ts';
import { DAY_MS, leaveEarly, pass, removeOld, rulesAt } from './retention-steps.ts';

/** What goes with messages that are removed, and what stays. */
export const removalLaws: readonly BackendLaw[] = [
  {
    name: 'retention: an idempotency key goes with the last message of its call',
    async check({ open }) {
      const opened = await open();
      const { store } = opened;
      const key = { key: 'booking-1', inputHash: 'hash' };
      const parts = { createdAt: NOON - DAY_MS, key: key.key };
      const two = [aMessage(parts), aMessage(parts)] as const;
      const done = (message: (typeof two)[0]) =>
        queued(message, {
          work: 'done',
          dueAt: null,
          event: anEvent(message, 'skipped', { attempt: 0, occurredAt: NOON - DAY_MS }),
        });
      const batch = aBatch([done(two[0]), queued(two[1])], { key });
      await store.messages.enqueue(batch);
      assert.equal((await removeOld(store)).removed, 1);
      assert.equal((await store.messages.findKey(TENANT, key.key))?.inputHash, 'hash');
      assert.equal((await store.messages.enqueue(batch)).status, 'repeated');
      const event = anEvent(two[1], 'canceled', { occurredAt: NOON - DAY_MS });
      await store.messages.transition(TENANT, [
        { event, when: {}, work: { work: 'done', dueAt: null }, otherwise: 'record' },
      ]);
      await removeOld(store, NOON + 2 * DAY_MS);
      assert.equal(await store.messages.findKey(TENANT, key.key), undefined);
      assert.equal((await store.messages.enqueue(batch)).status, 'written');
    },
  },
  {
    name: 'retention: ad-hoc content goes a day after the last message that says it, unless it is said again',
    async check({ open }) {
      const opened = await open();
      const { store } = opened;
      const content = aContent({ contentHash: 'ad hoc' });
      const skeletonId = content.skeletons[0]?.skeleton.id ?? '';
      const find = () => store.content.findAdHocVersion(TENANT, 'ad hoc');
      const say = async (createdAt: number) => {
        const message = aMessage({ template: null, versionId: content.version.id, skeletonId, createdAt });
        const event = anEvent(message, 'skipped', { attempt: 0, occurredAt: createdAt });
        await store.messages.enqueue(
          aBatch([queued(message, { work: 'done', dueAt: null, event })], { content: [content] }),
        );
      };
      const isThere = async () => (await store.content.getSkeleton(TENANT, skeletonId)) !== undefined;
      await say(NOON - 2);
      await say(NOON + 4 * DAY_MS);
      await removeOld(store, NOON + DAY_MS);
      assert.equal((await find())?.id, content.version.id);
      await removeOld(store, NOON + 10 * DAY_MS, { messagesBefore: NOON + 5 * DAY_MS });
      // Whoever looks for it brings it along again.
      assert.equal(await find(), undefined);
      assert.equal(await isThere(), true);
      await say(NOON + 10 * DAY_MS);
      assert.equal((await find())?.id, content.version.id);
      await removeOld(store, NOON + 14 * DAY_MS);
      assert.equal(await isThere(), true);
      for (let day = 20; day < 24; day += 1) {
        await removeOld(store, NOON + day * DAY_MS + day, { messagesBefore: NOON + 15 * DAY_MS });
      }
      assert.equal(await isThere(), false);
      assert.equal(await store.content.getVersionById(TENANT, content.version.id), undefined);
      await say(NOON + 25 * DAY_MS);
      assert.equal((await find())?.id, content.version.id);
      assert.equal((await store.content.skeletonsOf(TENANT, content.version.id)).length, 1);
    },
  },
  {
    name: 'retention: a file goes a day after the last message, broadcast or template that it travels with',
    async check({ open }) {
      const { store } = await open();
      const [file] = aContent({ contentHash: 'map' }).files;
      assert(file !== undefined);
      const { content: _, ...ref } = file;
      const isThere = async () => (await store.content.getFile(TENANT, ref)) !== undefined;
      const say = async (createdAt: number) => {
        const message = aMessage({ attachments: [ref], createdAt });
        const event = anEvent(message, 'skipped', { attempt: 0, occurredAt: createdAt });
        const row = queued(message, { work: 'done', dueAt: null, event });
        await store.messages.enqueue(aBatch([row], { files: [file] }));
      };
      const days = async (from: number, to: number, before: number) => {
        for (let day = from; day < to; day += 1) {
          await removeOld(store, NOON + day * DAY_MS + day, { messagesBefore: before });
        }
      };
      await say(NOON - 1);
      await say(NOON + DAY_MS);
      await days(5, 8, NOON);
      assert.equal(await isThere(), true);
      await days(8, 11, NOON + 2 * DAY_MS);
      assert.equal(await isThere(), false);
      await say(NOON + 11 * DAY_MS);
      const skeleton = aContent({ contentHash: 'with map' }).skeletons[0];
      assert(skeleton?.skeleton.channel === 'email');
      const skeletons = [{ ...skeleton, skeleton: { ...skeleton.skeleton, attachments: [ref] } }];
      const named = { tenant: TENANT, key: 'map', label: null, identity: null, contentDays: null };
      await store.content.saveTemplate(
        { ...named, createdAt: NOON, updatedAt: NOON },
        { ...aContent({ contentHash: 'with map' }), skeletons, files: [file] },
      );
      await days(20, 24, NOON + 15 * DAY_MS);
      assert.equal(await isThere(), true);
    },
  },
  {
    name: 'retention: of a bulk text message with a link it stays whose it was, and of no other message',
    async check({ open }) {
      const opened = await open();
      const { store } = opened;
      const text = { channel: 'sms', createdAt: NOON - DAY_MS } as const;
      const linked = { ...text, slots: ['Afmeld: the-link-goes-here'] };
      const ended = async (parts: Parameters<typeof aMessage>[0], type: 'delivered' | 'canceled') => {
        const { ids } = await sendBroadcast(opened, { size: 1 }, parts);
        const [id = ''] = ids;
        const event = anEvent({ id, tenant: TENANT }, type, { occurredAt: NOON - DAY_MS });
        await store.messages.transition(TENANT, [
          { event, when: {}, work: { work: 'done', dueAt: null }, otherwise: 'record' },
        ]);
        const [found] = await store.reports.messages([id]);
        return { id, addressKey: found?.addressKey };
      };
      const one = await ended(linked, 'delivered');
      const others = [await ended(text, 'delivered'), await ended(linked, 'canceled')];
      const single = await leaveEarly(opened, linked);
      assert.equal((await removeOld(store)).removed, 4);
      assert.deepEqual(await store.retention.shortLink(one.id), {
        tenant: TENANT,
        addressKey: one.addressKey,
      });
      for (const { id } of [...others, single]) assert.equal(await store.retention.shortLink(id), undefined);
    },
  },
  {
    name: 'retention: of an old broadcast its record and counts stay, without people; of one that never began nothing, and of plans no samples',
    async check({ open }) {
      const opened = await open();
      const { store } = opened;
      const created = { createdAt: NOON - DAY_MS };
      const plan = { total: 1, skipped: [{ reason: 'no_address', count: 1, samples: [{ name: 'Anna' }] }] };
      const input = {
        scope: { locale: 'da' },
        to: [{ email: 'anna@example.dk' }],
        send: { headers: { a: 'b' } },
      };
      const { broadcast, ids } = await sendBroadcast(opened, { size: 1, plan, input, ...created }, created);
      const waiting = await sendBroadcast(opened, { size: 1, input, ...created }, created);
      const planned = { ...broadcast, id: `${broadcast.id}x`, state: 'planned' } as const;
      await store.broadcasts.add(planned, [], []);
      const get = (id: string) => store.broadcasts.get(TENANT, id);

      const samplesBefore = NOON;
      await pass(store, rulesAt(NOON, { samplesBefore }));
      const groups = [{ reason: 'no_address', count: 1, samples: [] }];
      assert.deepEqual((await get(planned.id))?.plan, { total: 1, skipped: groups });
      assert.deepEqual((await get(planned.id))?.input, input);

      const event = anEvent({ id: ids[0] ?? '', tenant: TENANT }, 'delivered', { occurredAt: NOON - DAY_MS });
      await store.messages.transition(TENANT, [aFact(event)]);
      await removeOld(store);
      assert.equal(await get(planned.id), undefined);
      assert.deepEqual(await store.broadcasts.counts(TENANT, broadcast.id), { delivered: 1 });
      const swept = { scope: { locale: 'da' }, to: [], send: { headers: {}, attachments: [] } };
      assert.deepEqual((await get(broadcast.id))?.input, swept);
      assert.deepEqual((await get(waiting.broadcast.id))?.input, input);
    },
  },
  {
    name: 'retention: reports that belong to no message go by age, also of accounts that nothing is reported to any more',
    async check({ open }) {
      const { store } = await open();
      const old = anUnmatched({ receivedAt: NOON - 1 });
      const young = anUnmatched();
      await store.reports.keepUnmatched(ACCOUNT, [old, young], NOON);
      await pass(store, rulesAt(NOON, { unmatchedBefore: NOON }));
      const left = await store.reports.unmatched(ACCOUNT, { limit: 9 });
      assert.deepEqual(
        left.map(({ id }) => id),
        [young.id],
      );
    },
  },
];
