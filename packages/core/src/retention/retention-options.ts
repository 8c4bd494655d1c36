import { z } from 'zod';

/** A hundred years: more is a mistake, or milliseconds. */
const MAX_DAYS = 36_500;

/** How long something is kept, in days of 24 hours. */
export const retentionDaysSchema = z
  .int('must be a whole number of days')
  .min(1, 'must be at least one day')
  .max(MAX_DAYS, `must be at most ${MAX_DAYS} days`);

/** How long old data is kept. */
export interface RetentionOptions {
  /**
   * Days of 24 hours, 1 to 36,500, after which a finished message goes, with its events, its content and its files, and with
   * its idempotency key: the same key sends again then. They count from its last outcome, and not before it was to leave.
   * What is not finished stays, and so does what is in doubt until somebody decides it.
   */
  readonly messagesDays: number;
}

export const retentionOptionsSchema = z.strictObject({ messagesDays: retentionDaysSchema });
