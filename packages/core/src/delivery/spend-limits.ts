import { LIMIT_SPANS, type LimitSpan } from '../accounts/index.ts';
import type { AccountLimits, LimitPeriod, LimitUses } from '../ports/index.ts';

/** What an account's limits allow, and what they have to say of the next time. */
export interface SpentLimits {
  /** How many of those wanted may leave now. */
  readonly granted: number;
  /** With those that were granted. */
  readonly uses: LimitUses;
  /** Where nothing more may leave now: the earliest time at which something may. */
  readonly opensAt: number | null;
  /** How many may leave then; where `opensAt` is null, how many more may leave now. */
  readonly room: number;
}

type Stretches = NonNullable<LimitUses[LimitPeriod]>;

/** A limit, and what was used of it. */
interface Gauge {
  readonly span: LimitSpan;
  readonly limit: number;
  readonly stretches: Stretches;
}

/** Room where there is no limit: a whole number, as it is stored. */
const BOUNDLESS = Number.MAX_SAFE_INTEGER;

/**
 * Spends an account's limits on `wanted` attempts (a whole number, 0 to only ask) at `now`. Pure: a store calls it in the
 * transaction that begins the attempts, so that no two processes spend the same room.
 *
 * A limit holds for every window of its period, wherever the window begins. Uses are counted by short stretches of time,
 * and a stretch counts whole until all of it is a period ago; so an account opens up to one stretch later than it could,
 * and never earlier. A period counts from the first call with a limit for it.
 *
 * Where the clock was set back, uses that lie in the future count as if they were of now: a clock that was wrong by years
 * and is set right closes the account for one period. So the answered uses are to be stored even where nothing is granted.
 *
 * @example
 * ```ts
 * import { spendLimits } from '@posthorn/core';
 *
 * const noon = Date.UTC(2026, 10, 27, 12);
 * const first = spendLimits({ perMinute: 60 }, {}, noon, 100);
 * console.log(first.granted, first.opensAt === noon + 61_000, first.room); // 60 true 60
 * const second = spendLimits({ perMinute: 60 }, first.uses, noon + 30_000, 40);
 * console.log(second.granted); // 0
 * ```
 */
export function spendLimits(
  limits: AccountLimits,
  uses: LimitUses,
  now: number,
  wanted: number,
): SpentLimits {
  const before = gaugesOf(limits, uses, now);
  const granted = Math.min(wanted, roomOf(before));
  const after = before.map((gauge) => spend(gauge, now, granted));
  const room = roomOf(after);
  const spent = { granted, uses: usesOf(after) };
  if (room > 0) return { ...spent, opensAt: null, room };
  const opensAt = Math.max(...after.map((gauge) => opening(gauge, now)));
  return { ...spent, opensAt, room: roomOf(gaugesOf(limits, spent.uses, opensAt)) };
}

function gaugesOf(limits: AccountLimits, uses: LimitUses, now: number): readonly Gauge[] {
  return LIMIT_SPANS.flatMap((span) => {
    const limit = limits[span.period];
    if (limit === undefined) return [];
    return [{ span, limit, stretches: counting(span, uses[span.period] ?? [], now) }];
  });
}

/** Those of which some part is less than a period ago. */
function counting({ ms, stretchMs }: LimitSpan, stretches: Stretches, now: number): Stretches {
  const oldest = stretchAt(now - ms, stretchMs);
  const latest = stretchAt(now, stretchMs);
  const past = stretches.filter(([stretch]) => stretch >= oldest && stretch <= latest);
  return added(past, latest, usedOf(stretches.filter(([stretch]) => stretch > latest)));
}

function spend(gauge: Gauge, now: number, count: number): Gauge {
  return { ...gauge, stretches: added(gauge.stretches, stretchAt(now, gauge.span.stretchMs), count) };
}

/** `latest` is the last of them, or comes behind the last. */
function added(stretches: Stretches, latest: number, count: number): Stretches {
  if (count === 0) return stretches;
  const earlier = stretches.filter(([stretch]) => stretch !== latest);
  const there = usedOf(stretches.filter(([stretch]) => stretch === latest));
  return [...earlier, [latest, there + count]];
}

/** When enough of the oldest stretches are a period ago for one more. */
function opening({ span: { ms, stretchMs }, limit, stretches }: Gauge, now: number): number {
  let used = usedOf(stretches);
  let opensAt = now;
  for (const [stretch, count] of stretches) {
    if (used < limit) break;
    used -= count;
    opensAt = (stretch + 1) * stretchMs + ms;
  }
  return opensAt;
}

function roomOf(gauges: readonly Gauge[]): number {
  const rooms = gauges.map(({ limit, stretches }) => limit - usedOf(stretches));
  return Math.max(0, Math.min(BOUNDLESS, ...rooms));
}

function usedOf(stretches: Stretches): number {
  return stretches.reduce((sum, [, count]) => sum + count, 0);
}

function usesOf(gauges: readonly Gauge[]): LimitUses {
  return Object.fromEntries(gauges.map(({ span, stretches }) => [span.period, stretches]));
}

function stretchAt(time: number, stretchMs: number): number {
  return Math.floor(time / stretchMs);
}
