import { type DeliveryStore, type LimitUses, spendLimits, type Turn, type TurnResult } from '@posthorn/core';
import { type BrokenBackend, brokenRoom } from './broken-backend.test-kit.ts';
import { limited } from './limit-steps.ts';
import { anId, NOON, PLATFORM, TENANT } from './records.ts';

/** Limits that the process keeps for itself, and spends before anything else happens. */
function keptInMemory(deliveries: DeliveryStore): Partial<DeliveryStore> {
  let uses: LimitUses = {};
  let opensAt: number | null = null;
  return {
    async turn(turn) {
      const spent = spendLimits(turn.limits?.limits ?? {}, uses, turn.now, turn.begin.length);
      ({ uses, opensAt } = spent);
      return cut(deliveries, turn, spent.granted);
    },
    opensAt: async () => opensAt,
  };
}

/** Limits for the minutes and seconds of the clock on the wall. */
function byTheClock(deliveries: DeliveryStore): Partial<DeliveryStore> {
  const used = new Map<string, number>();
  let opensAt: number | null = null;
  return {
    async turn(turn) {
      const { perSecond = 1_000, perMinute = 1_000 } = turn.limits?.limits ?? {};
      const gauges = [
        { limit: perSecond, ms: 1_000 },
        { limit: perMinute, ms: 60_000 },
      ].map(({ limit, ms }) => {
        const name = `${ms} ${Math.floor(turn.now / ms)}`;
        return { name, left: limit - (used.get(name) ?? 0), ends: (Math.floor(turn.now / ms) + 1) * ms };
      });
      const granted = Math.min(turn.begin.length, ...gauges.map(({ left }) => left));
      for (const { name } of gauges) used.set(name, (used.get(name) ?? 0) + granted);
      const full = gauges.filter(({ left }) => left === granted);
      opensAt = full.length === 0 ? null : Math.max(...full.map(({ ends }) => ends));
      return cut(deliveries, turn, granted);
    },
    opensAt: async () => opensAt,
  };
}

async function cut(deliveries: DeliveryStore, turn: Turn, granted: number): Promise<TurnResult> {
  const limited = turn.begin.slice(granted).map(({ messageId }) => messageId);
  const result = await deliveries.turn({ ...turn, limits: null, begin: turn.begin.slice(0, granted) });
  return { ...result, limited };
}

/** Has the account open whenever it is looked at. */
async function open(deliveries: DeliveryStore, account: string, accountTenant: string): Promise<void> {
  const limits = limited({}, account, accountTenant);
  await deliveries.turn({ now: NOON, limits, settle: [], begin: [], newEventId: anId });
}

export const brokenLimits: readonly BrokenBackend[] = [
  brokenRoom(
    'limits: a turn begins as many as there is room for, in order, and says when there is more',
    'deliveries',
    (deliveries) => ({
      turn: (turn) => deliveries.turn({ ...turn, begin: [...turn.begin].reverse() }),
    }),
  ),
  brokenRoom(
    'limits: no minute and no second ever holds more than they say, and nothing waits longer than told',
    'deliveries',
    byTheClock,
  ),
  ...[
    'limits: they hold over all processes together, and over a restart',
    'limits: what ends instead of being begun uses nothing of them',
    'limits: a turn that fails has used nothing of them',
  ].map((breaks) => brokenRoom(breaks, 'deliveries', keptInMemory)),
  brokenRoom(
    'limits: each account has its own, also where two have the same key',
    'deliveries',
    (deliveries) => ({
      turn: (turn) =>
        deliveries.turn({ ...turn, limits: turn.limits && { ...turn.limits, accountTenant: PLATFORM } }),
      opensAt: (_, account) => deliveries.opensAt(PLATFORM, account),
    }),
  ),
  brokenRoom(
    'limits: a turn that begins nothing finds out what they are now',
    'deliveries',
    (deliveries) => ({
      turn: (turn) => deliveries.turn({ ...turn, limits: turn.begin.length === 0 ? null : turn.limits }),
    }),
  ),
  ...[null, { perDay: 1 }].map((limits) =>
    brokenRoom(
      'accounts: limits come back as they were saved; other ones open the account, and what was used stays so',
      'accounts',
      (accounts) => ({
        // They are lost, or any save is taken for a change of them.
        async save(record) {
          await accounts.save({ ...record, limits });
          if (limits !== null) await accounts.save(record);
        },
      }),
    ),
  ),
  brokenRoom(
    'due: work by an account whose limits are used up is passed by until it opens',
    'deliveries',
    (deliveries) => ({
      async queueDue(...when) {
        await open(deliveries, 'own-server', TENANT);
        return deliveries.queueDue(...when);
      },
    }),
  ),
  brokenRoom(
    'lease: the chunk of a broadcast goes back to wait, whole, while its account’s limits are used up',
    'deliveries',
    (deliveries) => ({
      async lease(...job) {
        await open(deliveries, 'smtp', PLATFORM);
        return deliveries.lease(...job);
      },
    }),
  ),
];
