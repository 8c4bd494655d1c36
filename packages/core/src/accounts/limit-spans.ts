import type { LimitPeriod } from '../ports/index.ts';

/** A period that may have a limit, and the short stretches of time by which its uses are counted. */
export interface LimitSpan {
  readonly period: LimitPeriod;
  readonly ms: number;
  readonly stretchMs: number;
}

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/**
 * From the shortest. Some fifty stretches to a period: so few that the uses of an account stay a small row, and so many
 * that an account opens only a little later than it could.
 */
export const LIMIT_SPANS: readonly LimitSpan[] = [
  { period: 'perSecond', ms: SECOND, stretchMs: 50 },
  { period: 'perMinute', ms: MINUTE, stretchMs: SECOND },
  { period: 'perHour', ms: HOUR, stretchMs: MINUTE },
  { period: 'perDay', ms: DAY, stretchMs: 30 * MINUTE },
  { period: 'perMonth', ms: 31 * DAY, stretchMs: 12 * HOUR },
];
