import type { MessageRecord, MessageStore, OutcomeName, Store } from '@posthorn/core';
import { type BrokenBackend, brokenRoom } from './broken-backend.test-kit.ts';
import { NEIGHBOUR, TENANT } from './records.ts';
import { tenantLaws } from './tenant-laws.ts';

/** Keeps secret values for ever. */
function hoarding(messages: MessageStore): Partial<MessageStore> {
  const kept = new Map<string, MessageRecord['sealedSlots']>();
  return {
    async enqueue(batch, tx) {
      for (const { message } of batch.messages) kept.set(message.id, message.sealedSlots);
      return messages.enqueue(batch, tx);
    },
    get: async (...wanted) =>
      (await messages.get(...wanted)).map((it) => ({
        ...it,
        message: { ...it.message, sealedSlots: kept.get(it.message.id) ?? null },
      })),
  };
}

export const brokenMessages: readonly BrokenBackend[] = [
  brokenRoom('enqueue: what is written comes back, field by field', 'messages', (messages) => ({
    get: async (...wanted) =>
      (await messages.get(...wanted)).map((it) => ({ ...it, message: { ...it.message, replyTo: null } })),
  })),
  brokenRoom('enqueue: secret values of a message that ends at once are not kept', 'messages', hoarding),
  brokenRoom('enqueue: all of a send is written or nothing of it', 'messages', (messages) => ({
    async enqueue(batch, tx) {
      for (const message of batch.messages)
        await messages.enqueue({ ...batch, key: null, messages: [message] }, tx);
      return { status: 'written' };
    },
  })),
  brokenRoom(
    'enqueue: a key that was used answers what it stands for, and writes nothing',
    'messages',
    (messages) => ({
      enqueue: (batch, tx) => messages.enqueue({ ...batch, key: null }, tx),
    }),
  ),
  brokenRoom(
    'enqueue: of many sends with one key at once, exactly one is written',
    'messages',
    (messages) => ({
      async enqueue(batch, tx) {
        const found = batch.key && (await messages.findKey(batch.tenant, batch.key.key, tx));
        if (found) return { status: 'repeated', ...found };
        return messages.enqueue({ ...batch, key: null }, tx);
      },
    }),
  ),
  brokenRoom(
    'enqueue: no address has more than its limit, of many sends at once neither',
    'messages',
    (messages) => ({
      async enqueue({ limits = [], ...batch }, tx) {
        for (const { most, ...wanted } of limits) {
          const had = await messages.countTo(batch.tenant, wanted);
          const added = (key: string) => batch.messages.filter(({ message }) => message.addressKey === key);
          if (wanted.addressKeys.some((key) => (had.get(key) ?? 0) + added(key).length > most))
            return { status: 'over_limit', had };
        }
        return messages.enqueue(batch, tx);
      },
    }),
  ),
  brokenRoom(
    'messages: asked for by id they come in that order, unknown ones left out',
    'messages',
    (messages) => ({
      get: async (tenant, ids) => messages.get(tenant, [...ids].sort()),
    }),
  ),
  brokenRoom(
    'messages: those that were sent again from one are found, oldest first',
    'messages',
    (messages) => ({
      resendsOf: async (...of) => [...(await messages.resendsOf(...of))].reverse(),
    }),
  ),

  brokenRoom(
    'list: each filter keeps what it names, newest first, and together they narrow down',
    'messages',
    (messages) => ({
      list: (tenant, { addressKey: _, ...filter }, page) => messages.list(tenant, filter, page),
    }),
  ),
  brokenRoom(
    'count: an address has the messages of one tenant and account that left, or may leave, in a time',
    'messages',
    (messages) => ({
      countTo: (tenant, wanted) => messages.countTo(tenant, { ...wanted, from: 0 }),
    }),
  ),
  brokenRoom('list: a status is the outcome, or the work where there is none', 'messages', (messages) => ({
    list: async (tenant, { status, ...filter }, page) =>
      (await messages.list(tenant, filter, page)).filter(
        ({ delivery }) => status?.includes(delivery.work) ?? true,
      ),
  })),
  brokenRoom(
    'list: pages lose and repeat nothing, also within one millisecond and while new ones arrive',
    'messages',
    (messages) => ({
      list: (tenant, filter, { limit, before }) =>
        messages.list(tenant, filter, { limit, ...(before && { before: { ...before, id: '' } }) }),
    }),
  ),
  brokenRoom(
    'events: in the order in which they occurred, and the same one again is still one',
    'messages',
    (messages) => ({
      events: async (...of) =>
        [...(await messages.events(...of))].sort((a, b) => a.recordedAt - b.recordedAt),
    }),
  ),
];

export const brokenTenants: readonly BrokenBackend[] = [
  // Each read in turn looks at somebody else's rows.
  ...tenantLaws.flatMap(({ name }) => {
    const [, room, method] = /^tenants: (\w+)\.(\w+).* shows nothing/.exec(name) ?? [];
    return room === undefined || method === undefined ? [] : [brokenWall(name, room as keyof Store, method)];
  }),
  brokenRoom('tenants: a transition finds no message of a neighbour', 'messages', (messages) => ({
    transition: (_, transitions) => messages.transition(TENANT, transitions),
  })),
  brokenRoom(
    'tenants: a neighbour changes nothing of a broadcast or a segment',
    'broadcasts',
    (broadcasts) => ({
      change: (_, ...rest) => broadcasts.change(TENANT, ...rest),
    }),
  ),
  brokenRoom(
    'tenants: broadcasts whose ids are alike stay apart, with their people, counts and pauses',
    'broadcasts',
    (broadcasts) => ({
      async counts(_, id) {
        const all = await Promise.all([TENANT, NEIGHBOUR].map((tenant) => broadcasts.counts(tenant, id)));
        return { sending: all.reduce((sum, { sending = 0 }) => sum + sending, 0) };
      },
    }),
  ),
  brokenRoom(
    'tenants: keys, names and addresses that are alike stay apart',
    'suppressions',
    (suppressions) => ({
      async lift(tenant, ...what) {
        const neighbour = tenant === TENANT ? NEIGHBOUR : TENANT;
        return [
          ...(await suppressions.lift(neighbour, ...what)),
          ...(await suppressions.lift(tenant, ...what)),
        ];
      },
    }),
  ),
];

function brokenWall(breaks: string, room: keyof Store, method: string): BrokenBackend {
  return brokenRoom(breaks, room, (sound) => {
    const read = Reflect.get(sound, method) as (tenant: string, ...rest: unknown[]) => unknown;
    return { [method]: (_: string, ...rest: unknown[]) => read(TENANT, ...rest) };
  });
}

export const brokenTransitions: readonly BrokenBackend[] = [
  brokenRoom(
    'transition: a command happens only where all that it expects still holds',
    'messages',
    (messages) => ({
      transition: (tenant, transitions) =>
        messages.transition(
          tenant,
          transitions.map((it) => ({ ...it, when: {} })),
        ),
    }),
  ),
  brokenRoom(
    'transition: a fact is recorded and folded even where its condition does not hold',
    'messages',
    (messages) => ({
      transition: (tenant, transitions) =>
        messages.transition(
          tenant,
          transitions.map((it) => ({ ...it, otherwise: 'drop' })),
        ),
    }),
  ),
  brokenRoom(
    'transition: in one call they are applied in order, each to what the one before left',
    'messages',
    (messages) => ({
      transition: async (tenant, transitions) =>
        [...(await messages.transition(tenant, [...transitions].reverse()))].reverse(),
    }),
  ),
  brokenRoom(
    'transition: the outcome does not depend on the order in which events arrive',
    'messages',
    (messages) => ({
      // The last word wins.
      get: async (...wanted) =>
        Promise.all(
          (await messages.get(...wanted)).map(async (it) => {
            const events = await messages.events(it.message.tenant, it.message.id);
            const last = events.reduce((a, b) => (a.occurredAt > b.occurredAt ? a : b));
            const { type, attempt, occurredAt, reason, failure } = last;
            const name = type === 'requeued' ? null : (type as OutcomeName);
            const outcome = { name, attempt, occurredAt, reason, failure };
            return { ...it, delivery: { ...it.delivery, outcome } };
          }),
        ),
    }),
  ),
  brokenRoom('transition: what proves that a server has it ends waiting work', 'messages', (messages) => ({
    transition: (tenant, transitions) =>
      messages.transition(
        tenant,
        transitions.map((it) => ({ ...it, event: { ...it.event, type: 'deferred' } })),
      ),
  })),
  brokenRoom(
    'transition: another attempt waits for its time without chunk and lease, and can be counted back',
    'messages',
    (messages) => ({
      transition: (tenant, transitions) =>
        messages.transition(
          tenant,
          transitions.map((it) => ({ ...it, work: it.work && { work: it.work.work, dueAt: it.work.dueAt } })),
        ),
    }),
  ),
  brokenRoom(
    'transition: nothing waits for another attempt once an earlier one has arrived',
    'messages',
    (messages) => ({
      // Forgets what is said of earlier attempts.
      transition: (tenant, transitions) =>
        messages.transition(
          tenant,
          transitions.filter(({ event }) => event.attempt > 1),
        ),
    }),
  ),
  brokenRoom(
    'transition: secret values are wiped once a message is done, and kept while it is in doubt',
    'messages',
    hoarding,
  ),
];
