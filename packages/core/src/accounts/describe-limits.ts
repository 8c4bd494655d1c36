import type { AccountLimits, LimitPeriod } from '../ports/index.ts';
import { LIMIT_SPANS, type LimitSpan } from './limit-spans.ts';

/** An account that has a part of something left to send. */
interface LimitedAccount {
  /** What people call it: its label or its key. */
  readonly name: string;
  readonly limits: AccountLimits;
  /** How many are still to leave by it. */
  readonly remaining: number;
  /** When it has room again; null where it has room now. */
  readonly opensAt: number | null;
  readonly now: number;
}

/** In whose words. */
interface Reader {
  /** BCP 47. Danish and English are spoken; everybody else is told in English. */
  readonly locale: string;
  readonly timeZone: string;
}

const PER: Readonly<Record<LimitPeriod, readonly [en: string, da: string]>> = {
  perSecond: ['a second', 'i sekundet'],
  perMinute: ['a minute', 'i minuttet'],
  perHour: ['an hour', 'i timen'],
  perDay: ['a day', 'om dagen'],
  perMonth: ['a month', 'om måneden'],
};
const TO_EACH = ['a day to each recipient', 'om dagen til hver modtager'] as const;
const DONE = ['done', 'færdig'] as const;
const AT = ['at', 'kl.'] as const;

/**
 * What an account's limits mean for what is left to send: `own server: 300 an hour, done at 16:40`. An end on another day
 * is told with its date; where nothing is left, or nothing has to wait, the limits alone are told.
 */
export function describeLimits(account: LimitedAccount, { locale, timeZone }: Reader): string {
  const { name, limits, remaining, opensAt, now } = account;
  const { language: code, region } = new Intl.Locale(locale);
  const language = code === 'da' ? 1 : 0;
  // English without a country has its numbers and hours as most countries write them.
  const spoken = code === 'da' || (code === 'en' && region !== undefined) ? locale : 'en-GB';
  const number = new Intl.NumberFormat(spoken);
  const parts = LIMIT_SPANS.flatMap(({ period }) => {
    const limit = limits[period];
    return limit === undefined ? [] : [`${number.format(limit)} ${PER[period][language]}`];
  });
  const { perRecipientPerDay } = limits;
  const makesWait = parts.length > 0;
  if (perRecipientPerDay !== undefined)
    parts.push(`${number.format(perRecipientPerDay)} ${TO_EACH[language]}`);
  const said = `${name}: ${new Intl.ListFormat(spoken, { type: 'conjunction' }).format(parts)}`;
  if (remaining <= 0 || !makesWait) return said;
  const end = estimateEnd(limits, opensAt, remaining, now);
  const date = new Intl.DateTimeFormat(spoken, { timeZone, dateStyle: 'long' });
  const time = new Intl.DateTimeFormat(spoken, { timeZone, timeStyle: 'short' });
  const day = date.format(end) === date.format(now) ? '' : `${date.format(end)} `;
  return `${said}, ${DONE[language]} ${day}${AT[language]} ${time.format(end)}`;
}

/**
 * When `remaining` more will have left by an account that nothing else leaves by: from when it has room again, each limit
 * is used up at once, and again when its period is over. An estimate: what was used before and what else leaves by the
 * account make it later, and how long the sending itself takes is not asked.
 */
export function estimateEnd(
  limits: AccountLimits,
  opensAt: number | null,
  remaining: number,
  now: number,
): number {
  return Math.max(now, opensAt ?? now) + timeFor(remaining, limits, LIMIT_SPANS.toReversed());
}

/** Longest periods first: all but the last of them are waited out, and the last is spent as the shorter ones allow. */
function timeFor(count: number, limits: AccountLimits, spans: readonly LimitSpan[]): number {
  const [span, ...shorter] = spans;
  if (span === undefined) return 0;
  const limit = limits[span.period];
  if (limit === undefined || count <= limit) return timeFor(count, limits, shorter);
  const waits = Math.ceil(count / limit) - 1;
  // The account opens when the whole first stretch is a period ago.
  const wait = Math.max(span.ms + span.stretchMs, timeFor(limit + 1, limits, shorter));
  return waits * wait + timeFor(count - waits * limit, limits, shorter);
}
