import { parseMoment } from '../templates/index.ts';
import { instantOf, wallOf } from '../zoned-time.ts';
import { queryError } from './query-error.ts';
import type { Said } from './query-node.ts';
import type { Span } from './span.ts';

/** Where the tenant is, and when: what `today` means. */
export interface Today {
  /** IANA. */
  readonly timeZone: string;
  /** In ms. */
  readonly now: number;
}

const DAY_MS = 86_400_000;
const RELATIVE = /^(?:(today)(?:([+-])(\d{1,5}))?|(tomorrow)|(yesterday))$/;
/** Databases know no year 0, and four digits hold no more. */
const FIRST_DAY = Date.parse('0001-01-01');
const LAST_DAY = Date.parse('9999-12-31');

/** A day of the calendar, on a field that holds days: from its text to that of the next. */
export function readDay(value: unknown, today: Today, path: string): Span {
  const named = dayOf(value, today);
  if (named === undefined) {
    throw queryError(path, 'must be a day', 'Write it like 2026-11-27, today, today+7 or today-30.');
  }
  const { day, said } = named;
  return { from: textOf(day), to: day === LAST_DAY ? null : textOf(day + DAY_MS), said };
}

/**
 * What a value means on a field that holds moments: the whole of a day in the tenant's zone (23 to 25 hours where clocks
 * change), or one moment. Fields hold ms, so a moment is one of them.
 */
export function readMoment(value: unknown, today: Today, path: string): Span {
  const named = dayOf(value, today);
  if (named !== undefined) {
    const { day, said } = named;
    return { from: instantOf(day, today.timeZone), to: instantOf(day + DAY_MS, today.timeZone), said };
  }
  const moment = parseMoment(value);
  if (moment === undefined || moment.kind === 'day') {
    throw queryError(
      path,
      'must be a day or a moment',
      'Write it like 2026-11-27, 2026-11-27T10:00, 2026-11-27T10:00:00+01:00, today or today-30.',
    );
  }
  const instant = moment.kind === 'instant' ? moment.ms : instantOf(moment.ms, today.timeZone);
  return { from: instant, to: instant + 1, said: { instant } };
}

/** Days are ms since the epoch, as if they began in UTC. */
function dayOf(value: unknown, today: Today): { readonly day: number; readonly said: Said } | undefined {
  if (typeof value !== 'string') return undefined;
  const days = daysFromToday(value);
  if (days !== undefined) {
    const now = wallOf(today.now, today.timeZone);
    const day = now - (((now % DAY_MS) + DAY_MS) % DAY_MS) + days * DAY_MS;
    return { day, said: { days } };
  }
  const moment = parseMoment(value);
  if (moment?.kind !== 'day' || moment.ms < FIRST_DAY) return undefined;
  return { day: moment.ms, said: { day: value } };
}

function daysFromToday(text: string): number | undefined {
  const parts = RELATIVE.exec(text);
  if (parts === null) return undefined;
  if (parts[4] !== undefined) return 1;
  if (parts[5] !== undefined) return -1;
  const days = Number(parts[3] ?? 0);
  return parts[2] === '-' ? -days : days;
}

function textOf(day: number): string {
  return new Date(day).toISOString().slice(0, 10);
}
