import { describe, expect, it } from 'vitest';
import { mostTelling, skipReason } from './skip-reason.ts';

const reached = {
  hasContent: true,
  address: 'valid',
  suppressed: undefined,
  refusal: undefined,
  hadEnough: false,
} as const;

describe('a recipient', () => {
  it('who has an address that works is reached', () => {
    expect(skipReason(reached)).toBeNull();
  });

  it.each([
    ['no_content', { hasContent: false, address: 'missing' }],
    ['no_address', { address: 'missing' }],
    ['invalid_address', { address: 'invalid' }],
    ['landline', { address: 'landline' }],
    ['suppressed:blocked', { suppressed: 'blocked', refusal: 'country_not_allowed', hadEnough: true }],
    ['country_not_allowed', { refusal: 'country_not_allowed', hadEnough: true }],
    ['sender_not_allowed', { refusal: 'sender_not_allowed' }],
    ['recipient_limit', { hadEnough: true }],
    ['suppressed:unsubscribed', { suppressed: 'unsubscribed' }],
  ] as const)('is skipped as %s', (reason, what) => {
    expect(skipReason({ ...reached, ...what })).toBe(reason);
  });
});

describe('of several channels that all fail', () => {
  const tried = (...skips: Parameters<typeof mostTelling>[0][number]['skip'][]) =>
    mostTelling(skips.map((skip, place) => ({ skip, place })))?.place;

  it('the one that came nearest to being sent says why', () => {
    expect(tried('no_content', 'no_address', 'invalid_address')).toBe(2);
    expect(tried('suppressed:blocked', 'no_address')).toBe(0);
    expect(tried('no_address', 'landline', 'recipient_limit')).toBe(2);
    expect(tried('no_address', 'suppressed:invalid')).toBe(1);
  });

  it('of equals the first says why', () => {
    expect(tried('no_address', 'no_address')).toBe(0);
  });

  it('one that reaches goes before all that fail', () => {
    expect(tried('suppressed:blocked', null)).toBe(1);
  });
});
