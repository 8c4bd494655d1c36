import type {
  BroadcastCounts,
  BroadcastRecord,
  OpenedBackend,
  OutcomeName,
  StoredMessage,
  Transition,
  Work,
} from '@posthorn/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { aBroadcast, anId, aPage, COMPLETE, mailing, NOON, outcome, TENANT } from './broadcast.test-kit.ts';
import { sqlite } from './index.ts';
import { runtime } from './real-time.test-kit.ts';

const OUTCOMES = [
  'accepted',
  'deferred',
  'bounced',
  'failed',
  'canceled',
  'unknown',
  'delivered',
  'requeued',
] as const;

/** Something that happens to two broadcasts; `pick` chooses what it happens to. */
type Step =
  | {
      readonly does: 'list';
      readonly people: readonly number[];
      readonly skip: boolean;
      readonly scheduled: boolean;
    }
  | { readonly does: 'scan' | 'lease' | 'begin' | 'put back' | 'complete' | 'pause' | 'resume' | 'cancel' }
  | {
      readonly does: 'settle';
      readonly type: (typeof OUTCOMES)[number];
      readonly becomes: Work;
      readonly strict: boolean;
    };

const step: fc.Arbitrary<Step & { readonly pick: number }> = fc
  .tuple(
    fc.nat(50),
    fc.oneof(
      {
        weight: 2,
        arbitrary: fc.record({
          does: fc.constant('list' as const),
          people: fc.array(fc.nat(12), { minLength: 1, maxLength: 6 }),
          skip: fc.boolean(),
          scheduled: fc.boolean(),
        }),
      },
      {
        weight: 6,
        arbitrary: fc.record({
          does: fc.constantFrom(
            'scan',
            'lease',
            'begin',
            'put back',
            'complete',
            'pause',
            'resume',
            'cancel',
          ),
        }),
      },
      {
        weight: 4,
        arbitrary: fc.record({
          does: fc.constant('settle' as const),
          type: fc.constantFrom(...OUTCOMES),
          becomes: fc.constantFrom('done', 'queued', 'scheduled'),
          strict: fc.boolean(),
        }),
      },
    ),
  )
  .map(([pick, it]) => ({ ...it, pick }) as Step & { readonly pick: number });

describe('the counts of a broadcast', () => {
  it('are those of its rows, whatever happens to them and in whatever order', async () => {
    const run = async (steps: readonly (Step & { readonly pick: number })[]): Promise<void> => {
      const world = await openWorld();
      try {
        for (const one of steps) {
          await happen(world, one);
          for (const broadcast of world.broadcasts) await expectCounted(world, broadcast);
        }
      } finally {
        await world.opened.close();
      }
    };
    await fc.assert(fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 40 }), run), { numRuns: 60 });
  });
});

interface World {
  readonly opened: OpenedBackend;
  readonly broadcasts: readonly BroadcastRecord[];
  readonly ids: string[];
  now: number;
}

async function openWorld(): Promise<World> {
  const opened = await sqlite(':memory:').open(runtime);
  const broadcasts = [aBroadcast(), aBroadcast()];
  for (const broadcast of broadcasts) await opened.store.broadcasts.add(broadcast, [], []);
  return { opened, broadcasts, ids: [], now: NOON };
}

async function happen(world: World, one: Step & { readonly pick: number }): Promise<void> {
  const { store } = world.opened;
  const broadcast = world.broadcasts[one.pick % 2];
  if (broadcast === undefined) return;
  world.now += 1_000;
  switch (one.does) {
    case 'list':
      return list(world, broadcast, one);
    case 'scan':
      await store.deliveries.queueDue(world.now, 3, anId);
      return;
    case 'lease':
    case 'begin':
    case 'put back':
      return work(world, one.does, one.pick);
    case 'settle':
      return settle(world, one);
    case 'complete':
      await store.broadcasts.change(TENANT, broadcast.id, ['listing'], COMPLETE, []);
      return;
    case 'cancel': {
      const change = { state: 'canceled', endedAt: world.now } as const;
      if (one.pick < 10) await store.broadcasts.change(TENANT, broadcast.id, ['sending'], change, []);
      return;
    }
    case 'pause':
    case 'resume': {
      const pausedAt = one.does === 'pause' ? world.now : null;
      await store.broadcasts.change(TENANT, broadcast.id, ['sending'], { pausedAt }, []);
    }
  }
}

async function list(
  world: World,
  broadcast: BroadcastRecord,
  { people, skip, scheduled }: Extract<Step, { does: 'list' }>,
): Promise<void> {
  const { broadcasts } = world.opened.store;
  const chunk = anId();
  const messages = people.map((person) => {
    const made = mailing(broadcast, String(person), skip && person % 2 === 0 ? null : chunk);
    return scheduled && made.event === null ? { ...made, work: 'scheduled' as const } : made;
  });
  const record = await broadcasts.get(TENANT, broadcast.id);
  const expected = record?.cursor ?? null;
  const page = aPage(broadcast, messages, { expected, cursor: { at: anId() } });
  if ((await broadcasts.addPage(page)) === 'added')
    world.ids.push(...messages.map(({ message }) => message.id));
}

/** A worker that comes by: what it does is done to all the rows of one chunk. */
async function work(world: World, what: 'lease' | 'begin' | 'put back', pick: number): Promise<void> {
  const { deliveries } = world.opened.store;
  const waiting = (await rowsOf(world)).filter(({ delivery }) => delivery.chunk !== null);
  const one = waiting[pick % Math.max(1, waiting.length)];
  if (one === undefined) return;
  const { tenant, account, accountTenant } = one.message;
  const chunk = one.delivery.chunk ?? '';
  const job = {
    id: `job of ${chunk}`,
    kind: 'messages',
    tenant,
    account,
    accountTenant,
    chunk,
    priority: 10,
  } as const;
  const { rows } = await deliveries.lease(job, `token ${pick}`, world.now, anId);
  if (what === 'put back') await deliveries.putBack(job, `token ${pick}`, world.now + 500);
  if (what !== 'begin') return;
  const begin = rows.map(({ message }) => ({ tenant, messageId: message.id, token: `token ${pick}` }));
  await deliveries.turn({ now: world.now, limits: null, settle: [], begin, newEventId: anId });
}

async function settle(
  world: World,
  { type, becomes, strict, pick }: Extract<Step, { does: 'settle' }> & { pick: number },
) {
  const rows = await rowsOf(world);
  const some = rows.filter((_, index) => (index + pick) % 3 === 0);
  const transitions = some.map(({ message, delivery }): Transition => {
    const work = { work: becomes, dueAt: becomes === 'done' ? null : world.now };
    const when = strict ? { work: ['sending'] as const } : {};
    return outcome(message.id, type, {
      attempt: delivery.attempt,
      work,
      when,
      otherwise: strict ? 'drop' : 'record',
    });
  });
  await world.opened.store.messages.transition(TENANT, transitions);
}

function rowsOf({ opened, ids }: World): Promise<readonly StoredMessage[]> {
  return opened.store.messages.get(TENANT, ids);
}

async function expectCounted(world: World, { id }: BroadcastRecord): Promise<void> {
  const shown = new Map<OutcomeName | Work, number>();
  const counted = new Map<keyof BroadcastCounts, number>();
  for (const { message, delivery } of await rowsOf(world)) {
    if (message.broadcast !== id) continue;
    const name = delivery.outcome?.name ?? null;
    // Canceled too late: it still is being sent.
    const status =
      name === null || (name === 'canceled' && delivery.work === 'sending') ? delivery.work : name;
    shown.set(status, (shown.get(status) ?? 0) + 1);
    // Deferred with nothing left to do: its provider goes on trying.
    const counts = status === 'deferred' && delivery.work === 'done' ? 'postponed' : status;
    counted.set(counts, (counted.get(counts) ?? 0) + 1);
  }
  expect(await world.opened.store.broadcasts.counts(TENANT, id)).toEqual(Object.fromEntries(counted));
  for (const [status, messages] of shown) {
    const page = { limit: 1_000, after: null };
    const found = await world.opened.store.broadcasts.messageIds(TENANT, id, [status], page);
    expect(found).toHaveLength(messages);
  }
}
