import { InputError } from '../errors.ts';
import { dateFormat, type Reader } from './reader.ts';

/**
 * What a date in tag data means.
 *
 * - `day`: a day of the calendar (`2026-11-27`), the same everywhere.
 * - `wall`: what a clock on the wall shows (`2026-11-27T10:00`), never shifted.
 * - `instant`: a point in time (a `Date`, or text with an offset), shown in the reader's zone.
 */
export interface Moment {
  readonly kind: 'day' | 'wall' | 'instant';
  /** Ms since the epoch; of days and wall times as if they were in UTC. */
  readonly ms: number;
}

const ISO =
  /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,9}))?)?(?:(Z)|\s?([+-])(\d{2}):?(\d{2})?)?)?$/i;

/** Reads a date, or throws `invalid_tag_value`. The value is not quoted: it may be secret. */
export function readMoment(value: unknown, reader: Pick<Reader, 'now'>): Moment {
  if (value === 'now' || value === 'today') return { kind: 'instant', ms: reader.now };
  const moment = parseMoment(value);
  if (moment !== undefined) return moment;
  throw new InputError('invalid_tag_value', `A ${typeof value} that is no date was given as one.`, {
    advice: 'Give a Date, or text like 2026-11-27, 2026-11-27T10:00 or 2026-11-27T10:00:00+01:00.',
  });
}

/** Reads a `Date` or ISO 8601 text (RFC 3339's, with what databases make of it: a space for the `T`, no minutes of offset). */
export function parseMoment(value: unknown): Moment | undefined {
  if (value instanceof Date) {
    const ms = value.getTime();
    return Number.isNaN(ms) ? undefined : { kind: 'instant', ms };
  }
  const parts = typeof value === 'string' ? ISO.exec(value) : null;
  if (parts === null) return undefined;
  const [year, month, day, hour, minute, second] = parts.slice(1, 7).map((digits) => Number(digits ?? 0));
  const fraction = Number(`${parts[7] ?? ''}000`.slice(0, 3));
  const ms = utcMs([year ?? 0, month ?? 0, day ?? 0, hour ?? 0, minute ?? 0, second ?? 0], fraction);
  if (ms === undefined) return undefined;
  if (parts[4] === undefined) return { kind: 'day', ms };
  if (parts[8] !== undefined) return { kind: 'instant', ms };
  if (parts[9] === undefined) return { kind: 'wall', ms };
  const offset = offsetMs(parts[9], Number(parts[10]), Number(parts[11] ?? 0));
  return offset === undefined ? undefined : { kind: 'instant', ms: ms - offset };
}

/** Throws for a day without a time of day, where a time is to be shown: midnight would be a lie. */
export function needTimeOfDay(moment: Moment): void {
  if (moment.kind !== 'day') return;
  throw new InputError('invalid_tag_value', 'A day without a time of day was given where a time is shown.', {
    advice: 'Give a Date or text like 2026-11-27T10:00, or show the day alone with the filter `date`.',
  });
}

/** What the reader's clock shows at the moment, as ms since the epoch in UTC. */
export function wallMs(moment: Moment, reader: Pick<Reader, 'timeZone'>): number {
  if (moment.kind !== 'instant') return moment.ms;
  const fields = new Map<string, number>();
  for (const part of clockOf(reader.timeZone).formatToParts(moment.ms))
    fields.set(part.type, Number(part.value));
  const of = (name: string) => fields.get(name) ?? 0;
  const clock = [of('year'), of('month'), of('day'), of('hour'), of('minute'), of('second')] as const;
  return utcMs(clock, ((moment.ms % 1000) + 1000) % 1000) ?? moment.ms;
}

function clockOf(timeZone: string): Intl.DateTimeFormat {
  return dateFormat('en-US-u-ca-gregory-nu-latn', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
}

type Fields = readonly [
  year: number,
  month: number,
  day: number,
  hour: number,
  minute: number,
  second: number,
];

/** Undefined for what no calendar or clock shows: the 30th of February, 24:00. */
function utcMs([year, month, day, hour, minute, second]: Fields, millisecond: number): number | undefined {
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  date.setUTCHours(hour, minute, second, millisecond);
  const same =
    date.getUTCMonth() === month - 1 &&
    date.getUTCDate() === day &&
    date.getUTCHours() === hour &&
    date.getUTCMinutes() === minute &&
    date.getUTCSeconds() === second;
  return same ? date.getTime() : undefined;
}

function offsetMs(sign: string, hours: number, minutes: number): number | undefined {
  if (hours > 23 || minutes > 59) return undefined;
  const ms = (hours * 60 + minutes) * 60_000;
  return sign === '-' ? -ms : ms;
}
