import type { BroadcastState, BroadcastStore } from '@posthorn/core';
import { type BrokenBackend, brokenRoom } from './broken-backend.test-kit.ts';
import { aBatch, aJob, NOON, TENANT } from './records.ts';

const ANY: readonly BroadcastState[] = ['planned', 'listing', 'sending', 'refused', 'canceled'];

export const brokenFeeds: readonly BrokenBackend[] = [
  brokenRoom(
    'broadcasts: nothing of one leaves before its list is complete, and then each chunk has one job',
    'broadcasts',
    (broadcasts) => ({
      async addPage(page) {
        const status = await broadcasts.addPage(page);
        const change = { state: 'sending' } as const;
        await broadcasts.change(page.tenant, page.broadcast, ['listing'], change, []);
        return status;
      },
    }),
  ),
  brokenRoom(
    'broadcasts: one with a time waits for it, and the scan says when that is',
    'broadcasts',
    (broadcasts) => ({
      add: (record, ...content) => broadcasts.add({ ...record, startAt: null }, ...content),
    }),
  ),
  brokenRoom(
    'broadcasts: nothing of a paused one is queued, and all of it once it goes on',
    'broadcasts',
    (broadcasts) => ({
      add: (record, ...content) => broadcasts.add({ ...record, pausedAt: null }, ...content),
    }),
  ),
  brokenRoom(
    'broadcasts: only some chunks are in the queue at a time; as these are worked, others follow',
    'broadcasts',
    (broadcasts, { store }) => ({
      async addPage(page) {
        const status = await broadcasts.addPage(page);
        const jobs = page.chunks.map(({ chunk }) => aJob({ chunk }));
        await store.messages.enqueue(aBatch([], { jobs }));
        return status;
      },
    }),
  ),
  brokenRoom(
    'broadcasts: only some chunks are in the queue at a time; as these are worked, others follow',
    'deliveries',
    (deliveries) => {
      let scans = 0;
      return {
        async queueDue(...when) {
          scans += 1;
          return scans === 1 ? deliveries.queueDue(...when) : { queued: 0, nextDueAt: null };
        },
      };
    },
  ),
  brokenRoom(
    'broadcasts: those by a paused account are passed by, and the others go on',
    'accounts',
    (accounts) => ({
      save: (record) => accounts.save({ ...record, pause: null }),
    }),
  ),
  brokenRoom(
    'due: where the limits leave room for a few, single messages come before a broadcast’s',
    'messages',
    (messages) => ({
      enqueue: (batch, tx) =>
        messages.enqueue({ ...batch, messages: batch.messages.map((it) => ({ ...it, priority: 10 })) }, tx),
    }),
  ),
];

/** While `run` works, nothing is paused. */
async function heedless<T>(broadcasts: BroadcastStore, run: () => Promise<T>): Promise<T> {
  const all = await broadcasts.list(TENANT, { limit: 10 });
  const paused = all.filter(({ pausedAt }) => pausedAt !== null);
  const set = async (pausedAt: number | null) => {
    for (const { id } of paused) await broadcasts.change(TENANT, id, ANY, { pausedAt }, []);
  };
  await set(null);
  const answer = await run();
  await set(NOON);
  return answer;
}

export const brokenHolds: readonly BrokenBackend[] = [
  brokenRoom(
    'lease: the chunk of a broadcast that was paused goes back to wait, whole, and comes again',
    'deliveries',
    (deliveries, { store }) => ({
      lease: (...job) => heedless(store.broadcasts, () => deliveries.lease(...job)),
    }),
  ),
  ...[
    'turn: what a paused broadcast has in hand is held, and due when it goes on',
    'broadcasts: whatever happens, counts are what the rows say, and nothing leaves that may not',
  ].map((breaks) =>
    brokenRoom(breaks, 'deliveries', (deliveries, { store }) => ({
      turn: (turn) => heedless(store.broadcasts, () => deliveries.turn(turn)),
    })),
  ),
  brokenRoom(
    'turn: what a canceled broadcast has in hand ends as canceled, with an event',
    'deliveries',
    (deliveries) => ({
      turn: async (turn) => ({ ...(await deliveries.turn(turn)), ended: [], endedEvents: [] }),
    }),
  ),
  brokenRoom(
    'broadcasts: nothing of a canceled one begins, wherever it waits',
    'broadcasts',
    (broadcasts) => ({
      async change(tenant, id, states, { state, ...change }, ...rest) {
        return broadcasts.change(tenant, id, states, state === 'canceled' ? {} : { ...change }, ...rest);
      },
    }),
  ),
  brokenRoom(
    'lease: what a lost one left sending is told of, whatever has become of its broadcast',
    'deliveries',
    (deliveries) => ({
      lease: async (...job) => ({ ...(await deliveries.lease(...job)), lost: [] }),
    }),
  ),
];

export const brokenCounts: readonly BrokenBackend[] = [
  brokenRoom(
    'broadcasts: whatever happens, counts are what the rows say, and nothing leaves that may not',
    'broadcasts',
    (broadcasts) => ({
      // Retries that wait are taken for work without an outcome.
      async counts(tenant, id) {
        const { deferred = 0, ...counts } = await broadcasts.counts(tenant, id);
        return { ...counts, ...(deferred > 0 && { queued: (counts.queued ?? 0) + deferred }) };
      },
    }),
  ),
  ...[(ids: readonly string[]) => [...ids].reverse(), (ids: readonly string[]) => ids.slice(1)].map((spoil) =>
    brokenRoom(
      'broadcasts: ids of messages by status come in order, page by page, and are its own',
      'broadcasts',
      (broadcasts) => ({
        messageIds: async (...of) => spoil(await broadcasts.messageIds(...of)),
      }),
    ),
  ),
  brokenRoom('list: those of one broadcast, also by status, are its own', 'messages', (messages) => ({
    list: (tenant, { broadcast: _, ...filter }, page) => messages.list(tenant, filter, page),
  })),
];
