import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LIMIT_SPANS } from '../accounts/index.ts';
import type { AccountLimits, LimitUses } from '../ports/index.ts';
import { spendLimits } from './spend-limits.ts';

const NOON = Date.UTC(2026, 10, 27, 12);
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const YEAR = 365 * DAY;

/** One call: so much real time after the one before, by a clock that was moved in between, and how many want to leave. */
interface Step {
  readonly afterMs: number;
  readonly clockMovedMs: number;
  readonly wanted: number;
}

interface Spending {
  readonly at: number;
  readonly granted: number;
}

const someLimits: fc.Arbitrary<AccountLimits> = fc.record(
  Object.fromEntries(LIMIT_SPANS.map(({ period }) => [period, fc.integer({ min: 1, max: 20 })])),
  { requiredKeys: [] },
);

/** Gaps around every period and stretch, and anything between. */
const someGap = fc.oneof(
  fc.integer({ min: 0, max: 3_000 }),
  fc.integer({ min: 0, max: 40 * DAY }),
  fc
    .tuple(fc.constantFrom(...LIMIT_SPANS), fc.boolean(), fc.integer({ min: -2, max: 2 }))
    .map(([{ ms, stretchMs }, whole, off]) => Math.max(0, (whole ? ms : stretchMs) + off)),
);

const steps = (someMove: fc.Arbitrary<number>): fc.Arbitrary<readonly Step[]> =>
  fc.array(fc.record({ afterMs: someGap, clockMovedMs: someMove, wanted: fc.integer({ min: 0, max: 30 }) }), {
    maxLength: 40,
  });

const forwards = steps(fc.constant(0));
const setBack = steps(fc.oneof(fc.constant(0), fc.integer({ min: -2 * YEAR, max: 0 })));

/** By real time. As a store does it: what is answered is stored as JSON, and read again. */
function spendAll(limits: AccountLimits, all: readonly Step[]): readonly Spending[] {
  let uses = '{}';
  let at = NOON;
  let moved = 0;
  return all.map(({ afterMs, clockMovedMs, wanted }) => {
    at += afterMs;
    moved += clockMovedMs;
    const spent = spendLimits(limits, JSON.parse(uses) as LimitUses, at + moved, wanted);
    uses = JSON.stringify(spent.uses);
    return { at, granted: spent.granted };
  });
}

/** The most of any window of the period: the fullest ends with one of them. */
function fullest(spendings: readonly Spending[], ms: number): number {
  const upTo = (end: number) =>
    spendings.filter(({ at }) => at > end - ms && at <= end).reduce((sum, { granted }) => sum + granted, 0);
  return Math.max(0, ...spendings.map(({ at }) => upTo(at)));
}

function expectNoWindowAbove(limits: AccountLimits, spendings: readonly Spending[]): void {
  for (const { period, ms } of LIMIT_SPANS) {
    const limit = limits[period];
    if (limit !== undefined) expect(fullest(spendings, ms), period).toBeLessThanOrEqual(limit);
  }
}

describe('limits of an account', () => {
  it('60 a minute: sixty leave at once, and the next when the first is a minute ago', () => {
    const limits = { perMinute: 60 };
    const first = spendLimits(limits, {}, NOON + 300, 100);
    expect(first).toMatchObject({ granted: 60, opensAt: NOON + 61_000, room: 60 });
    expect(spendLimits(limits, first.uses, NOON + 60_999, 1)).toMatchObject({ granted: 0 });
    expect(spendLimits(limits, first.uses, NOON + 61_000, 100)).toMatchObject({ granted: 60 });
  });

  it('say how much room there still is', () => {
    expect(spendLimits({ perMinute: 60, perHour: 300 }, {}, NOON, 20)).toMatchObject({
      granted: 20,
      opensAt: null,
      room: 40,
    });
  });

  it('the narrowest of several decides, and the one that opens last', () => {
    const limits = { perSecond: 10, perHour: 25 };
    const first = spendLimits(limits, {}, NOON, 100);
    expect(first).toMatchObject({ granted: 10, opensAt: NOON + 1_050, room: 10 });
    const second = spendLimits(limits, first.uses, NOON + 1_050, 100);
    const third = spendLimits(limits, second.uses, NOON + 2_100, 100);
    expect(third).toMatchObject({ granted: 5, opensAt: NOON + HOUR + MINUTE, room: 10 });
  });

  it('without any limit all leave, and nothing is remembered', () => {
    const spent = spendLimits({}, { perMinute: [[1, 1]] }, NOON, 1_000_000);
    expect(spent).toMatchObject({ granted: 1_000_000, uses: {}, opensAt: null });
    expect(Number.isSafeInteger(spent.room)).toBe(true);
  });

  it('lowered: what was used counts; raised: there is room at once', () => {
    const { uses } = spendLimits({ perHour: 300 }, {}, NOON, 200);
    expect(spendLimits({ perHour: 100 }, uses, NOON + MINUTE, 1)).toMatchObject({
      granted: 0,
      opensAt: NOON + HOUR + MINUTE,
      room: 100,
    });
    expect(spendLimits({ perHour: 201 }, uses, NOON + MINUTE, 5)).toMatchObject({ granted: 1 });
  });

  it('a clock that was wrong by years and is set right closes the account for a period, not for years', () => {
    const limits = { perDay: 10 };
    const wrong = spendLimits(limits, {}, NOON + 70 * YEAR, 10);
    const corrected = spendLimits(limits, wrong.uses, NOON, 10);
    expect(corrected).toMatchObject({ granted: 0, opensAt: NOON + DAY + 30 * MINUTE, room: 10 });
    expect(spendLimits(limits, corrected.uses, NOON + DAY + 30 * MINUTE, 10)).toMatchObject({ granted: 10 });
  });

  it('no window of any period ever holds more than its limit', () => {
    fc.assert(
      fc.property(someLimits, forwards, (limits, all) => expectNoWindowAbove(limits, spendAll(limits, all))),
      { numRuns: 500 },
    );
  });

  it('nor where the clock is set back, however far and often', () => {
    fc.assert(
      fc.property(someLimits, setBack, (limits, all) => expectNoWindowAbove(limits, spendAll(limits, all))),
      { numRuns: 500 },
    );
  });

  it('never grants more than is wanted, and nothing less than there is room for', () => {
    fc.assert(
      fc.property(someLimits, setBack, fc.nat(50), (limits, all, wanted) => {
        const { uses, clock } = last(limits, all);
        const asked = spendLimits(limits, uses, clock, 0);
        const { granted } = spendLimits(limits, uses, clock, wanted);
        expect(granted).toBe(Math.min(wanted, asked.opensAt === null ? asked.room : 0));
      }),
    );
  });

  it('the account opens when it says, with the room that it says, and not a millisecond before', () => {
    fc.assert(
      fc.property(someLimits, setBack, (limits, all) => {
        const { uses, clock } = last(limits, all);
        const { uses: known, opensAt, room } = spendLimits(limits, uses, clock, 1_000);
        if (opensAt === null) return;
        expect(opensAt).toBeGreaterThan(clock);
        expect(spendLimits(limits, known, opensAt - 1, 1)).toMatchObject({ granted: 0, opensAt, room });
        expect(room).toBeGreaterThan(0);
        expect(spendLimits(limits, known, opensAt, 1_000).granted).toBe(room);
      }),
      { numRuns: 500 },
    );
  });

  it('opens no later than a stretch after it could', () => {
    for (const { period, ms, stretchMs } of LIMIT_SPANS) {
      const { opensAt } = spendLimits({ [period]: 1 }, {}, NOON + 7, 1);
      expect(opensAt).toBeGreaterThanOrEqual(NOON + 7 + ms);
      expect(opensAt).toBeLessThanOrEqual(NOON + 7 + ms + stretchMs);
    }
  });

  it('keeps what it remembers small, in order, and whole through JSON, whatever the clock does', () => {
    const everything: AccountLimits = Object.fromEntries(
      LIMIT_SPANS.map(({ period }) => [period, 1_000_000_000]),
    );
    const long = fc.array(
      fc.record({
        afterMs: fc.nat(20_000),
        clockMovedMs: fc.integer({ min: -5_000, max: 0 }),
        wanted: fc.nat(3),
      }),
      { minLength: 300, maxLength: 400 },
    );
    fc.assert(
      fc.property(long, (all) => {
        const { uses } = last(everything, all);
        expect(JSON.parse(JSON.stringify(uses))).toEqual(uses);
        expect(JSON.stringify(uses).length).toBeLessThan(10_000);
        for (const stretches of Object.values(uses)) {
          const order = stretches.map(([stretch]) => stretch);
          expect(order).toEqual([...new Set(order)].sort((a, b) => a - b));
        }
      }),
      { numRuns: 20 },
    );
  });
});

/** What is remembered after all of these, and what the clock shows then. */
function last(limits: AccountLimits, all: readonly Step[]): { uses: LimitUses; clock: number } {
  let uses: LimitUses = {};
  let clock = NOON;
  for (const { afterMs, clockMovedMs, wanted } of all) {
    clock += afterMs + clockMovedMs;
    uses = spendLimits(limits, uses, clock, wanted).uses;
  }
  return { uses, clock };
}
