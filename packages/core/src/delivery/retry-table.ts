import type { Failure, FailureCategory } from '../ports/index.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/**
 * When to try again after a failure that may pass. Each delay is twice the one before. The first ones are shorter than the
 * half hour of RFC 5321 section 4.5.4.1, as it advises where the reason is known: a booking's confirmation is waited for.
 */
interface RetryRule {
  readonly after: string;
  /** All that are named must fit; a rule that names nothing fits everything. */
  readonly categories?: readonly FailureCategory[];
  /** Reply codes or HTTP statuses, from and to. */
  readonly codes?: readonly [from: number, to: number];
  /** Beginning of the enhanced code. */
  readonly enhanced?: string;
  readonly firstMs: number;
  readonly longestMs: number;
  /** How long all delays together may last. RFC 5321 section 4.5.4.1 wants 4 to 5 days where a server does not answer. */
  readonly giveUpMs: number;
}

/** The first rule that fits holds. Only failures that a transport calls retryable come here. */
export const RETRY_TABLE: readonly RetryRule[] = [
  {
    after: 'greylisting (RFC 6647): servers commonly want one to five minutes to pass',
    categories: ['greylisted'],
    firstMs: MINUTE,
    longestMs: HOUR,
    giveUpMs: 4 * DAY,
  },
  {
    after: 'a full mailbox, which its owner has to empty',
    categories: ['mailbox_full'],
    firstMs: 30 * MINUTE,
    longestMs: 6 * HOUR,
    giveUpMs: 3 * DAY,
  },
  {
    after: 'too much at once, or a quota that is used up',
    categories: ['rate_limited', 'quota'],
    firstMs: MINUTE,
    longestMs: 2 * HOUR,
    giveUpMs: 4 * DAY,
  },
  {
    after: 'an HTTP 429',
    codes: [429, 429],
    firstMs: MINUTE,
    longestMs: 2 * HOUR,
    giveUpMs: 4 * DAY,
  },
  {
    after: 'TLS that could not be agreed on, which somebody has to mend',
    categories: ['tls'],
    firstMs: 2 * MINUTE,
    longestMs: 4 * HOUR,
    giveUpMs: 4 * DAY,
  },
  {
    after: 'a 421: the server ends the session, often with all the others',
    codes: [421, 421],
    firstMs: 10 * SECOND,
    longestMs: 2 * HOUR,
    giveUpMs: 4 * DAY,
  },
  {
    after: 'a 4.4.x: the server itself does not get through to the next one',
    enhanced: '4.4.',
    firstMs: MINUTE,
    longestMs: 2 * HOUR,
    giveUpMs: 4 * DAY,
  },
  {
    after: 'a 45x or another word that it may work later',
    codes: [400, 499],
    firstMs: 15 * SECOND,
    longestMs: 2 * HOUR,
    giveUpMs: 4 * DAY,
  },
  {
    after: 'a 5.3.x: the server is shut for now or short of something',
    enhanced: '5.3.',
    firstMs: 10 * MINUTE,
    longestMs: 4 * HOUR,
    giveUpMs: 2 * DAY,
  },
  {
    after: 'a refusal that is not for this message but for the session (5xx before MAIL), or an HTTP 5xx',
    codes: [500, 599],
    firstMs: 2 * MINUTE,
    longestMs: 4 * HOUR,
    giveUpMs: 2 * DAY,
  },
  {
    after: 'a connection that did not come about, broke or stayed silent',
    categories: ['connection', 'timeout', 'name_resolution'],
    firstMs: 10 * SECOND,
    longestMs: 2 * HOUR,
    giveUpMs: 4 * DAY,
  },
  { after: 'anything else', firstMs: MINUTE, longestMs: 2 * HOUR, giveUpMs: 2 * DAY },
];

/** At most a quarter later, so that what failed together is not tried together; never sooner. */
const JITTER = 0.25;

/**
 * How long to wait after attempt number `attempt` (from 1), in ms; null where retries are spent. `random` gives numbers
 * from 0 to 1.
 */
export function retryDelay(
  failure: Failure,
  attempt: number,
  {
    retryAfterMs = 0,
    random = Math.random,
  }: { retryAfterMs?: number | undefined; random?: () => number } = {},
): number | null {
  const rule = ruleFor(failure);
  let waitedMs = 0;
  for (let before = 1; before < attempt; before += 1) waitedMs += nominalDelay(rule, before);
  const delayMs = nominalDelay(rule, attempt);
  if (waitedMs + delayMs > rule.giveUpMs) return null;
  const ownMs = Math.round(delayMs * (1 + JITTER * random()));
  return Math.max(ownMs, askedFor(retryAfterMs, rule));
}

/** What is no number of milliseconds is not asked for; nobody waits longer than we would try. */
function askedFor(retryAfterMs: number, { giveUpMs }: RetryRule): number {
  return Number.isNaN(retryAfterMs) ? 0 : Math.min(retryAfterMs, giveUpMs);
}

function ruleFor({ category, reply }: Failure): RetryRule {
  const rule = RETRY_TABLE.find(
    ({ categories, codes, enhanced }) =>
      (categories === undefined || categories.includes(category)) &&
      (codes === undefined || isWithin(reply?.code, codes)) &&
      (enhanced === undefined || reply?.enhanced?.startsWith(enhanced) === true),
  );
  if (rule === undefined) throw new Error('The last rule of the retry table has to fit everything.');
  return rule;
}

function isWithin(code: number | undefined, [from, to]: readonly [number, number]): boolean {
  return code !== undefined && code >= from && code <= to;
}

function nominalDelay({ firstMs, longestMs }: RetryRule, attempt: number): number {
  return Math.min(firstMs * 2 ** (attempt - 1), longestMs);
}
