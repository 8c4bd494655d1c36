import { InputError } from '../errors.ts';
import { type Moment, needTimeOfDay, wallMs } from './moment.ts';
import { dateFormat, type Reader } from './reader.ts';
import { Remembered } from './remembered.ts';

/** What of a reader shapes a date. */
type Place = Pick<Reader, 'locale' | 'timeZone'>;

interface Clock {
  readonly date: Date;
  readonly moment: Moment;
  readonly reader: Place;
}

/** Width and filling of a number, unless a flag says otherwise. */
interface Digits {
  readonly of: (clock: Clock) => number;
  readonly width: number;
  readonly fill: '0' | ' ';
}

const PATTERN = /%([-_0^]?)([a-zA-Z%])/g;

/** Letters that show the time of day. */
const TIME = 'HkIlMSLpPzZ';

const DAY_MS = 86_400_000;

const DIGITS: Readonly<Record<string, Digits>> = {
  Y: { of: ({ date }) => date.getUTCFullYear(), width: 4, fill: '0' },
  y: { of: ({ date }) => date.getUTCFullYear() % 100, width: 2, fill: '0' },
  m: { of: ({ date }) => date.getUTCMonth() + 1, width: 2, fill: '0' },
  d: { of: ({ date }) => date.getUTCDate(), width: 2, fill: '0' },
  e: { of: ({ date }) => date.getUTCDate(), width: 2, fill: ' ' },
  j: { of: ({ date }) => dayOfYear(date), width: 3, fill: '0' },
  H: { of: ({ date }) => date.getUTCHours(), width: 2, fill: '0' },
  k: { of: ({ date }) => date.getUTCHours(), width: 2, fill: ' ' },
  I: { of: ({ date }) => date.getUTCHours() % 12 || 12, width: 2, fill: '0' },
  l: { of: ({ date }) => date.getUTCHours() % 12 || 12, width: 2, fill: ' ' },
  M: { of: ({ date }) => date.getUTCMinutes(), width: 2, fill: '0' },
  S: { of: ({ date }) => date.getUTCSeconds(), width: 2, fill: '0' },
  L: { of: ({ date }) => date.getUTCMilliseconds(), width: 3, fill: '0' },
  u: { of: ({ date }) => date.getUTCDay() || 7, width: 1, fill: '0' },
  w: { of: ({ date }) => date.getUTCDay(), width: 1, fill: '0' },
  V: { of: ({ date }) => isoWeek(date).week, width: 2, fill: '0' },
  G: { of: ({ date }) => isoWeek(date).year, width: 4, fill: '0' },
};

const WORDS: Readonly<Record<string, (clock: Clock) => string>> = {
  A: (clock) => word(clock, { weekday: 'long' }),
  a: (clock) => word(clock, { weekday: 'short' }),
  B: (clock) => word(clock, { month: 'long', day: 'numeric' }, 'month'),
  b: (clock) => word(clock, { month: 'short', day: 'numeric' }, 'month'),
  h: (clock) => word(clock, { month: 'short', day: 'numeric' }, 'month'),
  p: ({ date }) => (date.getUTCHours() < 12 ? 'AM' : 'PM'),
  P: ({ date }) => (date.getUTCHours() < 12 ? 'am' : 'pm'),
  z: (clock) => offset(clock),
  Z: (clock) => zoneName(clock),
  '%': () => '%',
};

const SHORTHANDS: Readonly<Record<string, string>> = {
  F: '%Y-%m-%d',
  D: '%m/%d/%y',
  T: '%H:%M:%S',
  R: '%H:%M',
};

/**
 * Liquid's `%` patterns (those of Ruby's `strftime` that a message may need), with the reader's names of days and months.
 * Flags: `%-d` without filling, `%_d` filled with spaces, `%0e` with zeros, `%^B` in capitals.
 */
export function formatPattern(moment: Moment, pattern: string, reader: Reader): string {
  if (pattern.length > KEPT_CHARS) return writePattern(moment, pattern, reader);
  return texts.write(moment.ms, reader.locale, reader.timeZone, moment.kind, pattern);
}

/** Templates may make patterns as long as they like: those are not worth the memory. */
const KEPT_CHARS = 100;

const texts = new Remembered(
  (locale: string, timeZone: string, kind: Moment['kind'], pattern: string) => (ms: number) =>
    writePattern({ kind, ms }, pattern, { locale, timeZone }),
);

function writePattern(moment: Moment, pattern: string, reader: Place): string {
  const clock = { date: new Date(wallMs(moment, reader)), moment, reader };
  const long = pattern.replace(PATTERN, (whole, _flag, letter: string) => SHORTHANDS[letter] ?? whole);
  return long.replace(PATTERN, (_whole, flag: string, letter: string) => {
    if (TIME.includes(letter)) needTimeOfDay(moment);
    const digits = DIGITS[letter];
    if (digits !== undefined) return fill(digits.of(clock), digits, flag);
    const text = WORDS[letter]?.(clock);
    if (text === undefined) throw unknownLetter(letter);
    return flag === '^' ? text.toLocaleUpperCase(reader.locale) : text;
  });
}

function fill(value: number, { width, fill }: Digits, flag: string): string {
  if (flag === '-') return String(value);
  return String(value).padStart(width, flag === '_' ? ' ' : flag === '0' ? '0' : fill);
}

/** A month is asked for beside a day, as many languages inflect it there; where it is a number then, alone (`11月`). */
function word(
  clock: Clock,
  options: Intl.DateTimeFormatOptions,
  part: 'weekday' | 'month' = 'weekday',
): string {
  // The digits beside it are those of this calendar, whichever one the reader's country has.
  const fixed = { calendar: 'gregory', timeZone: 'UTC' } as const;
  const parts = dateFormat(clock.reader.locale, { ...options, ...fixed }).formatToParts(clock.date);
  const name = parts.find(({ type }) => type === part)?.value ?? '';
  if (options.day === undefined || !/^\p{Nd}+$/u.test(name)) return name;
  return dateFormat(clock.reader.locale, { month: options.month, ...fixed }).format(clock.date);
}

/** Empty for wall times, which have no offset. */
function offset({ moment, date }: Clock): string {
  if (moment.kind !== 'instant') return '';
  const minutes = Math.round((date.getTime() - moment.ms) / 60_000);
  const [hours, rest] = [Math.floor(Math.abs(minutes) / 60), Math.abs(minutes) % 60];
  return `${minutes < 0 ? '-' : '+'}${String(hours).padStart(2, '0')}${String(rest).padStart(2, '0')}`;
}

function zoneName({ moment, reader }: Clock): string {
  if (moment.kind !== 'instant') return '';
  const options = { timeZone: reader.timeZone, timeZoneName: 'short' } as const;
  const parts = dateFormat(reader.locale, options).formatToParts(moment.ms);
  return parts.find(({ type }) => type === 'timeZoneName')?.value ?? '';
}

function dayOfYear(date: Date): number {
  const start = new Date(date);
  start.setUTCMonth(0, 1);
  return Math.floor((date.getTime() - start.getTime()) / DAY_MS) + 1;
}

/** ISO 8601: weeks begin on Monday, and a year's first is the one with its first Thursday. */
function isoWeek(date: Date): { readonly year: number; readonly week: number } {
  const thursday = new Date(date.getTime() + (4 - (date.getUTCDay() || 7)) * DAY_MS);
  return { year: thursday.getUTCFullYear(), week: Math.ceil(dayOfYear(thursday) / 7) };
}

function unknownLetter(letter: string): InputError {
  return new InputError('template_syntax', `Dates have no pattern “%${letter}”.`, {
    advice: 'Use short, medium, long or full, or a pattern such as %d.%m.%Y %H:%M.',
  });
}
