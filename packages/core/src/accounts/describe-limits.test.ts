import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { describeLimits, estimateEnd } from './describe-limits.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const NOON = Date.UTC(2026, 10, 27, 11);
const HERE = { locale: 'en', timeZone: 'Europe/Copenhagen' };
const OWN = { name: 'own server', limits: { perHour: 300 }, remaining: 1_000, opensAt: null, now: NOON };

describe('what limits mean for what is left to send', () => {
  it.each([
    ['en', 'own server: 300 an hour, done at 15:03'],
    ['en-US', 'own server: 300 an hour, done at 3:03 PM'],
    ['de', 'own server: 300 an hour, done at 15:03'],
    ['da', 'own server: 300 i timen, færdig kl. 15.03'],
  ])('in the words of %s', (locale, said) => {
    expect(describeLimits(OWN, { ...HERE, locale }).replace(/\s/g, ' ')).toBe(said);
  });

  it('with the date where it is another day, in the reader’s zone', () => {
    expect(describeLimits({ ...OWN, remaining: 4_000 }, HERE)).toBe(
      'own server: 300 an hour, done 28 November 2026 at 01:13',
    );
    expect(describeLimits({ ...OWN, remaining: 4_000 }, { locale: 'da-DK', timeZone: 'UTC' })).toBe(
      'own server: 300 i timen, færdig 28. november 2026 kl. 00.13',
    );
  });

  it('names all limits', () => {
    const limits = { perSecond: 10, perMonth: 50_000 };
    expect(describeLimits({ ...OWN, limits, remaining: 0 }, HERE)).toBe(
      'own server: 10 a second and 50,000 a month',
    );
    expect(describeLimits({ ...OWN, limits, remaining: 0 }, { ...HERE, locale: 'da' })).toBe(
      'own server: 10 i sekundet og 50.000 om måneden',
    );
  });

  it('makes nothing wait for what one recipient may have', () => {
    const limits = { perRecipientPerDay: 5 };
    expect(describeLimits({ ...OWN, limits }, HERE)).toBe('own server: 5 a day to each recipient');
    expect(
      describeLimits({ ...OWN, limits: { ...limits, perHour: 300 } }, { ...HERE, locale: 'da' }),
    ).toMatch(/^own server: 300 i timen og 5 om dagen til hver modtager, færdig kl. 15.03$/);
  });

  it('counts from when the account has room again', () => {
    expect(describeLimits({ ...OWN, remaining: 300, opensAt: NOON + HOUR }, HERE)).toContain('done at 13:00');
    expect(describeLimits({ ...OWN, remaining: 300, opensAt: NOON - HOUR }, HERE)).toContain('done at 12:00');
  });
});

describe('the estimate', () => {
  it.each([
    [{ perHour: 300 }, 300, 0],
    [{ perHour: 300 }, 301, HOUR + MINUTE],
    [{ perSecond: 10 }, 100, 9 * 1_050],
    [{ perSecond: 10, perHour: 300 }, 400, HOUR + MINUTE + 9 * 1_050],
    // What the shorter limit lets through takes longer than the longer one's period.
    [{ perMinute: 1, perHour: 300 }, 301, 300 * 61_000],
  ])('of %j for %i', (limits, remaining, delayMs) => {
    expect(estimateEnd(limits, null, remaining, NOON) - NOON).toBe(delayMs);
  });

  it('is never earlier for more, nor for less room', () => {
    const some = fc.record(
      { perSecond: fc.integer({ min: 1, max: 50 }), perHour: fc.integer({ min: 1, max: 500 }) },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(some, fc.nat(5_000), fc.nat(100), (limits, count, more) => {
        const end = estimateEnd(limits, null, count, NOON);
        expect(estimateEnd(limits, null, count + more, NOON)).toBeGreaterThanOrEqual(end);
        expect(estimateEnd(limits, NOON + HOUR, count, NOON)).toBe(end + HOUR);
      }),
    );
  });
});
