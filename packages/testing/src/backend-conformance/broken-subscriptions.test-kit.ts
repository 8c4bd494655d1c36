import { type BrokenBackend, brokenRoom } from './broken-backend.test-kit.ts';
import { anId } from './records.ts';

export const brokenSubscriptions: readonly BrokenBackend[] = [
  brokenRoom(
    'subscriptions: events of the wanted types wait from the beginning on, in order, with their message as it is',
    'subscriptions',
    (subscriptions) => ({
      next: async (...which) => [...(await subscriptions.next(...which))].reverse(),
    }),
  ),
  brokenRoom(
    'subscriptions: a tenant’s is given what is of that tenant, and one of all tenants everything',
    'subscriptions',
    (subscriptions) => ({
      save: (record) => subscriptions.save({ ...record, tenant: null, name: record.tenant ?? record.name }),
    }),
  ),
  brokenRoom(
    'subscriptions: what recipients do about their addresses waits, and not what people mark by hand',
    'suppressions',
    (suppressions) => ({
      add: (record) => suppressions.add({ ...record, evidence: { ...record.evidence, message: anId() } }),
    }),
  ),
  brokenRoom(
    'subscriptions: one that is saved again goes on, with its new types and with nobody who knows only the old ones',
    'subscriptions',
    (subscriptions) => ({
      async save(record) {
        await subscriptions.remove(record.tenant, record.name, record.createdAt);
        return subscriptions.save(record);
      },
    }),
  ),
  brokenRoom(
    'subscriptions: one is held by one at a time, and taken over only from whom was seen and said nothing since',
    'subscriptions',
    (subscriptions) => ({
      async claim(id, token, seen) {
        const now = (await subscriptions.look(id))?.hold ?? null;
        return subscriptions.claim(id, token, seen === null ? null : now);
      },
    }),
  ),
  brokenRoom(
    'subscriptions: what its holder has passed waits no longer, and everything else goes on waiting',
    'subscriptions',
    (subscriptions) => ({
      async pass(id, token, positions) {
        const last = Math.max(...positions);
        const all = (await subscriptions.next(id, 1_000)).map(({ position }) => position);
        return subscriptions.pass(
          id,
          token,
          all.filter((position) => position <= last),
        );
      },
    }),
  ),
  brokenRoom('subscriptions: who has lost it passes nothing', 'subscriptions', (subscriptions) => ({
    async pass(id, _, positions) {
      const token = (await subscriptions.look(id))?.hold?.token ?? '';
      await subscriptions.pass(id, token, positions);
      return false;
    },
  })),
  brokenRoom(
    'subscriptions: listed by name, each tenant its own, with what waits and since when',
    'subscriptions',
    (subscriptions) => ({
      list: async (tenant) =>
        (await subscriptions.list(tenant)).map((listed) => ({
          ...listed,
          waiting: listed.waiting > 0 ? 1 : 0,
        })),
    }),
  ),
  brokenRoom(
    'subscriptions: one that is removed is gone with all that waited, however much, and its name begins anew',
    'subscriptions',
    (subscriptions) => {
      const removed = new Map<string, string>();
      return {
        async save(record) {
          const id = removed.get(record.name) ?? (await subscriptions.save(record));
          removed.set(record.name, id);
          return id;
        },
      };
    },
  ),
  brokenRoom(
    'subscriptions: what a host rolls back waits for nobody, and what it commits does',
    'messages',
    (messages, { store }) => ({
      // Has it wait although nobody knows whether it will ever be there.
      async enqueue(batch, tx) {
        const result = await messages.enqueue(batch, tx);
        const { next } = store.subscriptions;
        const early = batch.messages.map(() => ({ position: 0, type: 'skipped' as const, fact: null }));
        Object.assign(store.subscriptions, {
          next: async (...which: Parameters<typeof next>) => [...early, ...(await next(...which))],
        });
        return result;
      },
    }),
  ),
];
