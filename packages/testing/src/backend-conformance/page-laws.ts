import assert from 'node:assert/strict';
import type { ListPage } from '@posthorn/core';
import type { BackendLaw } from './backend-harness.ts';
import { aBroadcast, aMailing, aPage, aSkippedMailing, COMPLETE } from './broadcast-records.ts';
import { scan } from './broadcast-steps.ts';
import { aBatch, aMessage, anId, NOON, queued, TENANT } from './records.ts';
import { idsOf, wait } from './steps.ts';

export const pageLaws: readonly BackendLaw[] = [
  {
    name: 'pages: one is written where the list stands where it goes on, and nowhere else',
    async check({ open }) {
      const { store } = await open();
      const broadcast = aBroadcast();
      await store.broadcasts.add(broadcast, [], []);
      const write = async (parts: Partial<ListPage>, of = broadcast) => {
        const added = aMailing(of, anId());
        const status = await store.broadcasts.addPage(aPage(of, [added], parts));
        const written = await store.messages.get(TENANT, [added.message.id]);
        assert.equal(written.length, status === 'added' ? 1 : 0);
        return status;
      };
      const cursorOf = async () => (await store.broadcasts.get(TENANT, broadcast.id))?.cursor;

      assert.equal(await write({ expected: { page: 1 } }), 'moved_on');
      assert.equal(await cursorOf(), null);
      const first = { page: 1, place: { after: null, group: 'staff' } };
      assert.equal(await write({ cursor: first }), 'added');
      assert.deepEqual(await cursorOf(), first);
      const others = [null, {}, { ...first, page: 2 }, { ...first, place: { ...first.place, after: 'x' } }];
      for (const expected of others) assert.equal(await write({ expected }), 'moved_on');
      assert.deepEqual(await cursorOf(), first);
      // As a store may answer it that has its own order of keys.
      const expected = { place: { group: 'staff', after: null }, page: 1 };
      assert.equal(await write({ expected, cursor: { page: 2 } }), 'added');
      assert.deepEqual(await store.broadcasts.counts(TENANT, broadcast.id), { queued: 2 });

      for (const state of ['planned', 'sending', 'refused', 'canceled'] as const) {
        const other = aBroadcast({ state });
        await store.broadcasts.add(other, [], []);
        assert.equal(await write({}, other), 'moved_on', state);
      }
      assert.equal(await write({}, aBroadcast()), 'moved_on', 'a broadcast that there is not');
    },
  },
  {
    name: 'pages: of many who write the same one at once, exactly one does',
    async check({ open }) {
      const { store } = await open();
      const broadcast = aBroadcast();
      await store.broadcasts.add(broadcast, [], []);
      const pages = Array.from({ length: 4 }, () => aPage(broadcast, [aMailing(broadcast, anId())]));
      const answers = await Promise.all(pages.map((page) => store.broadcasts.addPage(page)));
      assert.deepEqual([...answers].sort(), ['added', 'moved_on', 'moved_on', 'moved_on']);
      const winner = pages[answers.indexOf('added')];
      assert.deepEqual((await store.broadcasts.get(TENANT, broadcast.id))?.cursor, winner?.cursor);
      const written = await store.messages.list(TENANT, { broadcast: broadcast.id }, { limit: 10 });
      assert.deepEqual(
        idsOf(written),
        winner?.messages.map(({ message }) => message.id),
      );
    },
  },
  {
    name: 'pages: all of one is written or nothing of it',
    async check({ open }) {
      const { store } = await open();
      const taken = aMessage();
      await wait(store, queued(taken));
      const broadcast = aBroadcast();
      await store.broadcasts.add(broadcast, [], []);
      const [first, impossible] = [
        aMailing(broadcast, anId()),
        aMailing(broadcast, anId(), { id: taken.id }),
      ];
      const page = aPage(broadcast, [first, impossible], { end: COMPLETE });
      await assert.rejects(store.broadcasts.addPage(page));
      assert.deepEqual(await store.broadcasts.get(TENANT, broadcast.id), broadcast);
      assert.deepEqual(await store.messages.get(TENANT, [first.message.id]), []);
      assert.deepEqual(await store.broadcasts.counts(TENANT, broadcast.id), {});
    },
  },
  {
    name: 'pages: whom the broadcast has on a channel already is left out, and nobody else',
    async check({ open }) {
      const { store } = await open();
      const [broadcast, other] = [aBroadcast(), aBroadcast()];
      await store.broadcasts.add(broadcast, [], []);
      await store.broadcasts.add(other, [], []);
      const [anna, bo, ada] = ['1', '2', '3'].map((id) => ({ source: 'customers', id }));
      assert(anna !== undefined && bo !== undefined && ada !== undefined);
      const bare = { recipient: null, addressKey: 'anna' };
      // Neither a message of its own nor another broadcast's counts.
      await wait(store, queued(aMessage({ recipient: anna })), queued(aMessage(bare)));
      const chunk = anId();
      await store.broadcasts.addPage(aPage(other, [aMailing(other, anId(), { recipient: anna })]));
      const first = [
        aMailing(broadcast, chunk, { recipient: anna }),
        aSkippedMailing(broadcast, { recipient: bo }),
        aMailing(broadcast, chunk, bare),
      ];
      const cursor = { page: 1 };
      assert.equal(await store.broadcasts.addPage(aPage(broadcast, first, { cursor })), 'added');
      const again = [
        aMailing(broadcast, anId(), { recipient: anna, addressKey: 'new address' }),
        aSkippedMailing(broadcast, { recipient: anna }),
        aMailing(broadcast, anId(), { recipient: bo }),
        aMailing(broadcast, anId(), { ...bare, toName: 'Anna again' }),
      ];
      const fresh = [
        aMailing(broadcast, anId(), { recipient: { source: 'staff', id: '1' } }),
        aMailing(broadcast, anId(), { recipient: anna, channel: 'sms' }),
        aMailing(broadcast, anId(), { ...bare, channel: 'sms' }),
        aMailing(broadcast, anId(), { ...bare, addressKey: 'bo' }),
        aMailing(broadcast, anId(), { recipient: ada }),
      ];
      const within = [aMailing(broadcast, anId(), { recipient: ada })];
      const page = aPage(broadcast, [...fresh, ...again, ...within], { expected: cursor });
      assert.equal(await store.broadcasts.addPage(page), 'added');
      const written = await store.messages.list(TENANT, { broadcast: broadcast.id }, { limit: 20 });
      const expected = [...first, ...fresh].map(({ message }) => message.id);
      assert.deepEqual([...idsOf(written)].sort(), expected);
      for (const { message } of [...again, ...within]) {
        assert.deepEqual(await store.messages.events(TENANT, message.id), [], 'nothing is told of them');
      }
      assert.deepEqual(await store.broadcasts.counts(TENANT, broadcast.id), { queued: 7, skipped: 1 });
    },
  },
  {
    name: 'messages: a broadcast has at most one per recipient and channel, by whatever way they come',
    async check({ open }) {
      const { store } = await open();
      const broadcast = aBroadcast();
      await store.broadcasts.add(broadcast, [], []);
      const anna = { broadcast: broadcast.id, recipient: { source: 'customers', id: '1' } };
      const bare = { broadcast: broadcast.id, recipient: null, addressKey: 'anna' };
      for (const parts of [anna, anna, bare, bare]) {
        await store.messages.enqueue(aBatch([queued(aMessage(parts))])).catch(() => undefined);
      }
      const written = await store.messages.list(TENANT, { broadcast: broadcast.id }, { limit: 10 });
      assert.equal(written.length, 2);
    },
  },
  {
    name: 'pages: the last one makes the broadcast what it says, and its messages lie between two ids',
    async check({ open }) {
      const { store } = await open();
      const ends = [COMPLETE, { state: 'refused', endedAt: NOON, failure: { code: 'too_dear' } }] as const;
      for (const end of ends) {
        const broadcast = aBroadcast();
        await store.broadcasts.add(broadcast, [], []);
        const [second, first, third] = [anId(), anId(), anId()];
        const one = aPage(broadcast, [
          aMailing(broadcast, anId(), { id: first }),
          aSkippedMailing(broadcast, { id: third }),
        ]);
        const other = aPage(broadcast, [aMailing(broadcast, anId(), { id: second })], {
          expected: one.cursor,
          end,
        });
        for (const page of [one, other]) assert.equal(await store.broadcasts.addPage(page), 'added');
        const listed = { ...broadcast, cursor: other.cursor, firstMessage: second, lastMessage: third };
        const expected = { ...listed, ...end, sealedData: null };
        assert.deepEqual(await store.broadcasts.get(TENANT, broadcast.id), expected);
        const { queued: due } = await scan(store);
        assert.equal(due > 0, end.state === 'sending', `what is ${end.state}`);
      }
    },
  },
];
