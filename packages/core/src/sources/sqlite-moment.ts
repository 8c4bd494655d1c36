import type { Bound } from '../ports/index.ts';
import { ALWAYS, type Fragment, sql } from './sql-fragment.ts';
import type { Range } from './sql-range.ts';

const DAY_MS = 86_400_000;

/**
 * Whether a text names a moment within the half-open range of ms. SQLite reads `+01:00`, and neither `+01` nor `+0100`,
 * and it rounds what is smaller than a ms, which would carry the last of a day into the next: so the text is put
 * together anew, and of a fraction three digits are kept. The plain text is compared before, so that few are read.
 */
export function sqliteMoment(column: Fragment, { from, to }: Range): Fragment {
  const at = momentOf(column);
  if (from !== null && to !== null) {
    const last = Number(to.value) - 1;
    return sql`(${near(column, from, -1)} and ${at} between ${from.value} and ${last})`;
  }
  if (from !== null) return sql`(${near(column, from, -1)} and ${at} >= ${from.value})`;
  if (to !== null) return sql`(${near(column, to, 2)} and ${at} < ${to.value})`;
  return sql`${at} is not null`;
}

/**
 * Where an index may begin, or else end: so many days after the bound, since an offset is less than a day. One end and
 * not both, since each is a parameter, and a statement has 32,766. Texts do not sort by years of five digits.
 */
function near(column: Fragment, bound: Bound, daysAfter: number): Fragment {
  const date = new Date(Number(bound.value) + daysAfter * DAY_MS);
  const year = date.getUTCFullYear();
  if (!(year >= 0 && year <= 9999)) return ALWAYS;
  const day = date.toISOString().slice(0, 10);
  return daysAfter < 0 ? sql`${column} >= ${day}` : sql`${column} < ${day}`;
}

/** `2026-11-27T10:00`, `:00`, `.123456` and `+0100` of a text are found by their places. Null where it is no moment. */
function momentOf(column: Fragment): Fragment {
  const minute = sql`substr(${column}, 1, 16)`;
  const second = sql`case substr(${column}, 17, 1) when ':' then substr(${column}, 17, 3) else '' end`;
  const offset = sql`ltrim(substr(${column}, 17), ' :.0123456789')`;
  const minutes = sql`substr(replace(${offset}, ':', '') || '00', 4, 2)`;
  const spelt = sql`substr(${offset}, 1, 3) || case when length(${offset}) > 1 then ':' || ${minutes} else '' end`;
  const fraction = sql`case substr(${column}, 20, 1) when '.' then cast('0.' || substr(${column}, 21, 3) as real) * 1000 else 0 end`;
  return sql`round((julianday(${minute} || ${second} || ${spelt}) - 2440587.5) * 86400000) + ${fraction}`;
}
