import type { Bound } from '../ports/index.ts';
import { type Fragment, sql } from './sql-fragment.ts';

/** What stands between two ends; null where there is none. */
export interface Range {
  readonly from: Bound | null;
  readonly to: Bound | null;
}

/** A range of whole ms, its beginning within and its end not: so a part of a ms belongs to the ms it is in. */
export function halfOpen({ from, to }: Range): Range {
  return {
    from: from && { value: Number(from.value) + (from.inclusive ? 0 : 1), inclusive: true },
    to: to && { value: Number(to.value) + (to.inclusive ? 1 : 0), inclusive: false },
  };
}

/** The comparisons of a column with the ends of a range; `typed` is a value as the column has it. */
export function boundsOf(
  column: Fragment,
  { from, to }: Range,
  typed: (value: Bound['value']) => Fragment,
): readonly Fragment[] {
  const above = from && sql`${column} ${from.inclusive ? AT_LEAST : MORE} ${typed(from.value)}`;
  const below = to && sql`${column} ${to.inclusive ? AT_MOST : LESS} ${typed(to.value)}`;
  return [above, below].filter((part) => part !== null);
}

const AT_LEAST = sql`>=`;
const MORE = sql`>`;
const AT_MOST = sql`<=`;
const LESS = sql`<`;
