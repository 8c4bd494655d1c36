import type { Said } from './query-node.ts';

/** What a value stands for on the field's scale, half-open: a day is from its beginning to that of the next. */
export interface Span {
  /** Inclusive. */
  readonly from: string | number;
  /** Exclusive; null where the scale has no more. */
  readonly to: string | number | null;
  readonly said: Said;
}
