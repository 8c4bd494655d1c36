import type { RetentionRules } from '@posthorn/core';
import type { Program } from '../program.ts';

/** A part of a pass: goes on at `at` (from its beginning where that is null) and looks at `limit` rows at most. */
export type Phase<At> = (rules: RetentionRules, at: At | null, limit: number) => Program<Portion<At>>;

export interface Portion<At> {
  /** Where it goes on; null where it is done. */
  readonly at: At | null;
  /** How many rows it looked at. */
  readonly looked: number;
  readonly redacted?: number;
  readonly removed?: number;
}
