import type { SourceQuestion } from '../ports/index.ts';
import { compareIds } from './compare-texts.ts';

/** Rows of one page with their ids, in the order of ids, and where the next page begins. */
export interface RowPage<Row> {
  readonly found: readonly { readonly id: string; readonly row: Row }[];
  readonly next: string | null;
}

/**
 * The rows that match and come first after the cursor, by id; of several with the same id the first. What comes and
 * goes between two pages moves nobody else, since the cursor is an id and not a count. No more than a page is kept, and
 * rows that come too late for it are not even asked whether they match.
 */
export function findInRows<Row>(
  rows: readonly Row[],
  idOf: (row: Row) => string | undefined,
  matches: (row: Row) => boolean,
  { after, limit }: Pick<SourceQuestion, 'after' | 'limit'>,
): RowPage<Row> {
  const first: { id: string; row: Row }[] = [];
  for (const row of rows) {
    const id = idOf(row);
    if (id === undefined || id === '') continue;
    if (after !== null && compareIds(id, after) <= 0) continue;
    const last = first.at(-1);
    if (first.length > limit && last !== undefined && compareIds(id, last.id) >= 0) continue;
    const place = placeOf(id, first);
    if (first[place]?.id === id || !matches(row)) continue;
    first.splice(place, 0, { id, row });
    if (first.length > limit + 1) first.pop();
  }
  const found = first.slice(0, limit);
  return { found, next: first.length > limit ? (found.at(-1)?.id ?? null) : null };
}

/** The first place whose id is not smaller. */
function placeOf(id: string, sorted: readonly { readonly id: string }[]): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (compareIds(sorted[middle]?.id ?? '', id) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}
