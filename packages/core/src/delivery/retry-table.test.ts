import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Failure } from '../ports/index.ts';
import { RETRY_TABLE, retryDelay } from './retry-table.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const failure = (given: Partial<Failure>): Failure => ({ category: 'other', fault: 'nobody', ...given });
const exact = { random: () => 0 };

describe('the first retry', () => {
  it.each<[string, Failure, number]>([
    ['a refused connection', failure({ category: 'connection' }), 10_000],
    ['a time-out before the data', failure({ category: 'timeout' }), 10_000],
    ['a name that does not resolve', failure({ category: 'name_resolution' }), 10_000],
    ['TLS that fails', failure({ category: 'tls', reply: { text: 'certificate expired' } }), 2 * MINUTE],
    ['a 421', failure({ category: 'server_error', reply: { code: 421, text: 'closing' } }), 10_000],
    ['a 451', failure({ category: 'server_error', reply: { code: 451, text: 'local error' } }), 15_000],
    ['greylisting', failure({ category: 'greylisted', reply: { code: 450, text: 'greylisted' } }), MINUTE],
    [
      'a full mailbox',
      failure({ category: 'mailbox_full', reply: { code: 452, text: 'full' } }),
      30 * MINUTE,
    ],
    ['a 429', failure({ category: 'other', reply: { code: 429, text: 'slow down' } }), MINUTE],
    ['a 4.4.x', failure({ reply: { code: 451, enhanced: '4.4.1', text: 'no answer' } }), MINUTE],
    ['a 5.3.2', failure({ reply: { code: 554, enhanced: '5.3.2', text: 'shut' } }), 10 * MINUTE],
    ['a 554 as greeting', failure({ reply: { code: 554, text: 'no service' } }), 2 * MINUTE],
    ['an HTTP 503', failure({ category: 'server_error', reply: { code: 503, text: '' } }), 2 * MINUTE],
    ['what nobody thought of', failure({}), MINUTE],
  ])('after %s', (_, given, delayMs) => {
    expect(retryDelay(given, 1, exact)).toBe(delayMs);
  });

  it('waits as long as the provider asks', () => {
    const limited = failure({ category: 'rate_limited' });
    expect(retryDelay(limited, 1, { ...exact, retryAfterMs: HOUR })).toBe(HOUR);
    expect(retryDelay(limited, 1, { ...exact, retryAfterMs: 1 })).toBe(MINUTE);
  });

  it('is not waited for where it is no time, nor longer than we would try', () => {
    const limited = failure({ category: 'rate_limited' });
    expect(retryDelay(limited, 1, { ...exact, retryAfterMs: Number.NaN })).toBe(MINUTE);
    expect(retryDelay(limited, 1, { ...exact, retryAfterMs: -1 })).toBe(MINUTE);
    expect(retryDelay(limited, 1, { ...exact, retryAfterMs: Number.POSITIVE_INFINITY })).toBe(96 * HOUR);
  });
});

describe('later retries', () => {
  it('double the delay, up to the longest', () => {
    const delays = [1, 2, 3, 4, 12, 13].map((attempt) =>
      retryDelay(failure({ category: 'connection' }), attempt, exact),
    );
    expect(delays).toEqual([10_000, 20_000, 40_000, 80_000, 2 * HOUR, 2 * HOUR]);
  });

  it.each<[string, Failure, readonly number[]]>([
    [
      'a 45x has had five within ten minutes',
      failure({ reply: { code: 450, enhanced: '4.2.1', text: 'busy' } }),
      [15, 45, 105, 225, 465],
    ],
    [
      'greylisting has passed the usual five minutes at the third',
      failure({ category: 'greylisted', reply: { code: 450, enhanced: '4.7.1', text: 'greylisted' } }),
      [60, 180, 420],
    ],
  ])('come at times that people bear: %s', (_, given, seconds) => {
    let atMs = 0;
    const times = seconds.map((_second, index) => {
      atMs += retryDelay(given, index + 1, exact) ?? Number.NaN;
      return atMs / 1000;
    });
    expect(times).toEqual(seconds);
  });

  it.each(RETRY_TABLE.map((rule) => [rule.after, rule] as const))('end in the time given: %s', (_, rule) => {
    const given = failure({
      ...(rule.categories?.[0] === undefined ? {} : { category: rule.categories[0] }),
      reply: { code: rule.codes?.[0] ?? 0, enhanced: `${rule.enhanced ?? '9.'}1`, text: '' },
    });
    let totalMs = 0;
    let attempt = 1;
    for (; attempt < 1_000; attempt += 1) {
      const delayMs = retryDelay(given, attempt, exact);
      if (delayMs === null) break;
      totalMs += delayMs;
    }
    expect(totalMs).toBeLessThanOrEqual(rule.giveUpMs);
    expect(totalMs).toBeGreaterThan(rule.giveUpMs - rule.longestMs - 1);
    expect(rule.giveUpMs).toBeLessThanOrEqual(5 * DAY);
  });

  it('are spread, never sooner than the table says and at most a quarter later', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 20 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (attempt, random) => {
          const given = failure({ category: 'connection' });
          const nominal = retryDelay(given, attempt, exact) ?? Number.NaN;
          const spread = retryDelay(given, attempt, { random: () => random }) ?? Number.NaN;
          expect(spread).toBeGreaterThanOrEqual(nominal);
          expect(spread).toBeLessThanOrEqual(nominal * 1.25 + 1);
        },
      ),
    );
  });
});
