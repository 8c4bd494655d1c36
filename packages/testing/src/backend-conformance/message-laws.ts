import assert from 'node:assert/strict';
import type { EnqueueResult, MessageRecord } from '@posthorn/core';
import type { BackendLaw } from './backend-harness.ts';
import { aBatch, aContent, aJob, aMessage, anEvent, anId, NOON, queued, TENANT } from './records.ts';
import { stored, wait } from './steps.ts';

export const messageLaws: readonly BackendLaw[] = [
  {
    name: 'enqueue: what is written comes back, field by field',
    async check({ open }) {
      const { store } = await open();
      const full = aMessage({
        sealedSlots: 'v1.k1.sealed',
        attachments: [
          {
            hash: 'h',
            filename: 'å.pdf',
            mediaType: 'application/pdf',
            sizeBytes: 3,
            disposition: 'inline',
            contentId: 'c',
          },
        ],
        key: 'booking-1',
        resendOf: anId(),
        sendAt: NOON + 1,
        expiresAt: NOON + 2,
      });
      const bare = aMessage({
        channel: 'sms',
        template: null,
        slots: [],
        identity: null,
        from: { address: 'SALON' },
        replyTo: null,
        recipient: null,
        toName: null,
        address: null,
        addressKey: null,
        headers: {},
      });
      const event = anEvent(bare, 'skipped', { attempt: 0, reason: 'no_address' });
      const job = aJob();
      await store.messages.enqueue(
        aBatch(
          [
            queued(full, { work: 'scheduled', dueAt: NOON + 60_000, priority: 10 }),
            { message: bare, work: 'done', dueAt: null, chunk: null, priority: 0, event },
          ],
          { jobs: [job] },
        ),
      );
      assert.deepEqual(await stored(store, full), {
        message: full,
        delivery: {
          messageId: full.id,
          work: 'scheduled',
          dueAt: NOON + 60_000,
          attempt: 0,
          chunk: null,
          priority: 10,
          outcome: null,
          flags: {},
          redactedAt: null,
        },
      });
      const skipped = await stored(store, bare);
      assert.deepEqual(skipped.message, bare);
      assert.equal(skipped.delivery.work, 'done');
      assert.deepEqual(skipped.delivery.outcome, {
        name: 'skipped',
        attempt: 0,
        occurredAt: NOON,
        reason: 'no_address',
        failure: null,
      });
      assert.deepEqual(await store.messages.events(TENANT, bare.id), [event]);
    },
  },
  {
    name: 'enqueue: secret values of a message that ends at once are not kept',
    async check({ open }) {
      const { store } = await open();
      const message = aMessage({ sealedSlots: 'v1.k1.sealed' });
      const event = anEvent(message, 'skipped', { attempt: 0, reason: 'no_address' });
      const row = { message, work: 'done', dueAt: null, chunk: null, priority: 0, event } as const;
      await store.messages.enqueue(aBatch([row]));
      assert.equal((await stored(store, message)).message.sealedSlots, null);
    },
  },
  {
    name: 'enqueue: all of a send is written or nothing of it',
    async check({ open }) {
      const { store, queue } = await open();
      const there = aMessage();
      await wait(store, queued(there));
      const fine = aMessage();
      const content = aContent();
      const batch = aBatch([queued(fine), queued(there)], {
        key: { key: 'booking-1', inputHash: 'hash' },
        content: [content],
        jobs: [aJob()],
      });
      await assert.rejects(store.messages.enqueue(batch), 'an id that is there already is refused');
      assert.deepEqual(await store.messages.get(TENANT, [fine.id]), []);
      assert.equal(await store.messages.findKey(TENANT, 'booking-1'), undefined);
      assert.equal(await store.content.findAdHocVersion(TENANT, content.version.contentHash), undefined);
      assert.equal(await queue.size(), 0);
    },
  },
  {
    name: 'enqueue: a key that was used answers what it stands for, and writes nothing',
    async check({ open }) {
      const { store, queue } = await open();
      const [first, second] = [aMessage(), aMessage()];
      const key = { key: 'booking-1', inputHash: 'hash' };
      const job = aJob();
      await store.messages.enqueue(aBatch([queued(first)], { key, jobs: [job] }));
      const other = { ...key, inputHash: 'other' };
      const answer = await store.messages.enqueue(aBatch([queued(second)], { key: other, jobs: [aJob()] }));
      assert.deepEqual(answer, { status: 'repeated', inputHash: 'hash', messageIds: [first.id] });
      assert.deepEqual(await store.messages.get(TENANT, [second.id]), []);
      assert.equal(await queue.size(), 1);
      const found = await store.messages.findKey(TENANT, 'booking-1');
      assert.deepEqual(found, { inputHash: 'hash', messageIds: [first.id] });
    },
  },
  {
    name: 'enqueue: of many sends with one key at once, exactly one is written',
    async check({ open }) {
      const { store } = await open();
      const messages = Array.from({ length: 8 }, () => aMessage());
      const key = { key: 'booking-1', inputHash: 'hash' };
      const answers = await Promise.all(
        messages.map((message) => store.messages.enqueue(aBatch([queued(message)], { key }))),
      );
      const written = messages.filter((_, i) => answers[i]?.status === 'written');
      assert.equal(written.length, 1);
      const there = await store.messages.get(
        TENANT,
        messages.map(({ id }) => id),
      );
      assert.deepEqual(
        there.map(({ message }) => message.id),
        [written[0]?.id],
      );
      for (const answer of answers) assert.deepEqual(idsOf(answer) ?? [written[0]?.id], [written[0]?.id]);
    },
  },
  {
    name: 'enqueue: no address has more than its limit, of many sends at once neither',
    async check({ open }) {
      const { store } = await open();
      const { account, accountTenant } = aMessage();
      const addressKeys = ['anna', 'bent'];
      const limit = { account, accountTenant, addressKeys, from: NOON - 1, until: NOON + 1, most: 2 };
      const send = (key: string, ...messages: readonly MessageRecord[]) =>
        store.messages.enqueue(
          aBatch(
            messages.map((message) => queued(message)),
            { key: { key, inputHash: 'hash' }, jobs: [aJob()], limits: [limit] },
          ),
        );
      const pair = [aMessage({ addressKey: 'bent' }), aMessage()];
      const answers = await Promise.all(['1', '2', '3', '4'].map((key) => send(key, aMessage())));
      assert.equal(answers.filter(({ status }) => status === 'written').length, 2);
      const had = new Map([
        ['anna', 2],
        ['bent', 0],
      ]);
      assert.deepEqual(await send('5', ...pair), { status: 'over_limit', had });
      assert.deepEqual(
        await store.messages.get(
          TENANT,
          pair.map(({ id }) => id),
        ),
        [],
      );
      assert.equal(await store.messages.findKey(TENANT, '5'), undefined);
      const three = [1, 2, 3].map(() => aMessage({ addressKey: 'bent' }));
      assert.equal((await send('6', ...three)).status, 'over_limit');
      assert.equal((await send('7', ...three.slice(1))).status, 'written');
    },
  },
  {
    name: 'messages: asked for by id they come in that order, unknown ones left out',
    async check({ open }) {
      const { store } = await open();
      const messages = [aMessage(), aMessage(), aMessage()];
      await wait(store, ...messages.map((message) => queued(message)));
      const ids = messages.map(({ id }) => id).reverse();
      const found = await store.messages.get(TENANT, [...ids.slice(0, 1), anId(), ...ids.slice(1)]);
      assert.deepEqual(
        found.map(({ message }) => message.id),
        ids,
      );
      assert.deepEqual(await store.messages.get(TENANT, []), []);
    },
  },
  {
    name: 'messages: those that were sent again from one are found, oldest first',
    async check({ open }) {
      const { store } = await open();
      const first = aMessage();
      const again = [aMessage({ resendOf: first.id }), aMessage({ resendOf: first.id, createdAt: NOON + 1 })];
      await wait(store, ...[first, ...again].map((message) => queued(message)));
      assert.deepEqual(
        await store.messages.resendsOf(TENANT, first.id),
        again.map(({ id }) => id),
      );
    },
  },
];

function idsOf(answer: EnqueueResult): readonly string[] | undefined {
  return answer.status === 'repeated' ? answer.messageIds : undefined;
}
