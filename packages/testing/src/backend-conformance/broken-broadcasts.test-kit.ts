import type { BroadcastRecord, BroadcastState, BroadcastStore } from '@posthorn/core';
import { type BrokenBackend, brokenRoom } from './broken-backend.test-kit.ts';
import { aBatch, anId } from './records.ts';

const ANY: readonly BroadcastState[] = ['planned', 'listing', 'sending', 'refused', 'canceled'];

export const brokenSegments: readonly BrokenBackend[] = [
  brokenRoom(
    'segments: what is saved comes back, and saving again replaces it and keeps when it was made',
    'segments',
    (segments) => ({
      async save(record) {
        await segments.remove(record.tenant, record.key);
        await segments.save(record);
      },
    }),
  ),
  brokenRoom(
    'segments: listed by key, each tenant its own, and gone once removed',
    'segments',
    (segments) => ({
      list: async (tenant) => [...(await segments.list(tenant))].reverse(),
    }),
  ),
];

/** Keeps the sealed data for ever. */
function hoarding(broadcasts: BroadcastStore): Partial<BroadcastStore> {
  const kept = new Map<string, BroadcastRecord['sealedData']>();
  return {
    async add(record, ...content) {
      kept.set(record.id, record.sealedData);
      return broadcasts.add(record, ...content);
    },
    async get(tenant, id) {
      const found = await broadcasts.get(tenant, id);
      return found && { ...found, sealedData: kept.get(id) ?? null };
    },
  };
}

export const brokenBroadcasts: readonly BrokenBackend[] = [
  brokenRoom(
    'broadcasts: what is added comes back, field by field, with content that is stored once',
    'broadcasts',
    (broadcasts) => ({
      async add(record, ...content) {
        await broadcasts.add(record, ...content);
        return record;
      },
    }),
  ),
  brokenRoom(
    'broadcasts: listed newest first; pages lose and repeat nothing, also within one millisecond',
    'broadcasts',
    (broadcasts) => ({
      list: (tenant, { limit, before }) =>
        broadcasts.list(tenant, { limit, ...(before && { before: { ...before, id: '' } }) }),
    }),
  ),
  brokenRoom(
    'broadcasts: a change happens only in a state that it expects, and alters nothing else',
    'broadcasts',
    (broadcasts) => ({
      change: (tenant, id, _, ...rest) => broadcasts.change(tenant, id, ANY, ...rest),
    }),
  ),
  brokenRoom(
    'broadcasts: a change happens only in a state that it expects, and alters nothing else',
    'broadcasts',
    (broadcasts) => ({
      // What is left out is taken for nothing.
      change: (tenant, id, states, change, ...rest) =>
        broadcasts.change(tenant, id, states, { failure: null, ...change }, ...rest),
    }),
  ),
  brokenRoom(
    'broadcasts: a change and its jobs happen together or not at all',
    'broadcasts',
    (broadcasts) => ({
      async change(tenant, id, states, change, jobs) {
        const changed = await broadcasts.change(tenant, id, states, change, []);
        return changed && broadcasts.change(tenant, id, ANY, {}, jobs);
      },
    }),
  ),
  brokenRoom(
    'broadcasts: of many that make the same change at once, exactly one makes it',
    'broadcasts',
    (broadcasts) => ({
      async change(tenant, id, states, ...rest) {
        const found = await broadcasts.get(tenant, id);
        if (found === undefined || !states.includes(found.state)) return false;
        return broadcasts.change(tenant, id, ANY, ...rest);
      },
    }),
  ),
  brokenRoom(
    'broadcasts: sealed data is kept while the list is to be made, and wiped then',
    'broadcasts',
    hoarding,
  ),
];

export const brokenPages: readonly BrokenBackend[] = [
  brokenRoom(
    'pages: one is written where the list stands where it goes on, and nowhere else',
    'broadcasts',
    (broadcasts) => ({
      async addPage(page) {
        const found = await broadcasts.get(page.tenant, page.broadcast);
        return broadcasts.addPage({ ...page, expected: found?.cursor ?? null });
      },
    }),
  ),
  brokenRoom(
    'pages: one is written where the list stands where it goes on, and nowhere else',
    'broadcasts',
    (broadcasts) => ({
      // Compared as it is written.
      async addPage(page) {
        const found = await broadcasts.get(page.tenant, page.broadcast);
        const isThere = JSON.stringify(found?.cursor) === JSON.stringify(page.expected);
        return isThere ? broadcasts.addPage(page) : 'moved_on';
      },
    }),
  ),
  brokenRoom(
    'pages: of many who write the same one at once, exactly one does',
    'broadcasts',
    (broadcasts) => ({
      // Whoever comes too late goes on behind the one who was first.
      async addPage(page) {
        if ((await broadcasts.addPage(page)) === 'added') return 'added';
        const found = await broadcasts.get(page.tenant, page.broadcast);
        return broadcasts.addPage({ ...page, expected: found?.cursor ?? null });
      },
    }),
  ),
  brokenRoom('pages: all of one is written or nothing of it', 'broadcasts', (broadcasts, { store }) => ({
    async addPage(page) {
      const status = await broadcasts.addPage({ ...page, messages: [], chunks: [] });
      await store.messages.enqueue(aBatch(page.messages));
      return status;
    },
  })),
  brokenRoom(
    'pages: whom the broadcast has on a channel already is left out, and nobody else',
    'broadcasts',
    (broadcasts) => ({
      // Everybody is somebody new.
      addPage: (page) =>
        broadcasts.addPage({
          ...page,
          messages: page.messages.map((it) => ({
            ...it,
            message: { ...it.message, recipient: { source: 'customers', id: anId() } },
          })),
        }),
    }),
  ),
  brokenRoom(
    'pages: whom the broadcast has on a channel already is left out, and nobody else',
    'broadcasts',
    (broadcasts) => {
      const known = new Set<string | undefined>();
      return {
        // By whatever channel, and from whatever source.
        addPage(page) {
          const messages = page.messages.filter(({ message: { recipient } }) => !known.has(recipient?.id));
          for (const { message } of messages) if (message.recipient) known.add(message.recipient.id);
          return broadcasts.addPage({ ...page, messages });
        },
      };
    },
  ),
  brokenRoom(
    'messages: a broadcast has at most one per recipient and channel, by whatever way they come',
    'messages',
    (messages) => ({
      enqueue: (batch, tx) =>
        messages.enqueue(
          {
            ...batch,
            messages: batch.messages.map((it) => ({ ...it, message: { ...it.message, addressKey: anId() } })),
          },
          tx,
        ),
    }),
  ),
  brokenRoom(
    'pages: the last one makes the broadcast what it says, and its messages lie between two ids',
    'broadcasts',
    (broadcasts, { store }) => ({
      // The first and the last that were written, in the order of time.
      async get(tenant, id) {
        const found = await broadcasts.get(tenant, id);
        const rows = await store.messages.list(tenant, { broadcast: id }, { limit: 10 });
        return found && { ...found, lastMessage: rows.at(1)?.message.id ?? null };
      },
    }),
  ),
];
