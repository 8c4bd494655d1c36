import { describe, expect, it } from 'vitest';
import { settingsOf } from './account.test-kit.ts';
import { estimateMessage } from './estimate-message.ts';
import type { TwilioSettingsInput } from './settings.ts';

const DANE = '+4520123456';
const price = { amount: '0.35', currency: 'DKK' };

function estimate(
  text: string,
  settings: Partial<TwilioSettingsInput> = {},
  { from = 'SALON', to = DANE }: { readonly from?: string; readonly to?: string } = {},
) {
  return estimateMessage(settingsOf(settings), { from, to, text });
}

describe('a text with one ellipsis', () => {
  const text = `${'Kære Anna, vi ses i salonen i morgen klokken ti. '.repeat(3)}…`;

  it('is counted in segments of 67, the ellipsis is named, and the price is exact', () => {
    expect(estimate(text, { price })).toEqual({
      segments: 3,
      encoding: 'ucs-2',
      price: { amount: '1.05', currency: 'DKK' },
      costly: ['…'],
      canReply: false,
    });
  });

  it('is cheaper with plain signs', () => {
    expect(estimate(text, { price, smartReplacement: true })).toMatchObject({
      segments: 1,
      encoding: 'gsm-7',
      price: { amount: '0.35' },
      costly: [],
    });
  });
});

describe('the price', () => {
  it.each([
    ['0.35', 1, '0.35'],
    ['0.1', 3, '0.3'],
    ['0.07', 11, '0.77'],
    ['2', 2, '4'],
    ['0.005', 2, '0.010'],
    ['123456789.123456789', 10, '1234567891.234567890'],
    ['0', 2, '0'],
  ])('of %s for each of %i segments is %s', (amount, segments, total) => {
    const text = 'a'.repeat(segments === 1 ? 1 : segments * 153);
    expect(estimate(text, { price: { amount, currency: 'DKK' } }).price).toEqual({
      amount: total,
      currency: 'DKK',
    });
  });

  it('is that of the country, that of other countries, or not known', () => {
    const amount = { DK: '0.35', SE: '0.60', default: '0.80' };
    const of = (to: string) => estimate('a', { price: { amount, currency: 'DKK' } }, { to }).price?.amount;
    expect([of(DANE), of('+46701234567'), of('+447911123456'), of('+88213123456')]).toEqual([
      '0.35',
      '0.60',
      '0.80',
      '0.80',
    ]);
    const some = { amount: { DK: '0.35' }, currency: 'DKK' };
    expect(estimate('a', { price: some }, { to: '+46701234567' }).price).toBeNull();
    expect(estimate('a').price).toBeNull();
  });
});

describe('a message is refused', () => {
  const refusal = (to: string, from: string, countries?: string[]) =>
    estimate('a', countries === undefined ? {} : { countries }, { to, from }).refusal;

  it('to a country that is not among the allowed ones, also where countries share a calling code', () => {
    expect(refusal(DANE, 'SALON', ['DK'])).toBeUndefined();
    expect(refusal('+46701234567', 'SALON', ['DK'])).toBe('country_not_allowed');
    expect(refusal('+14165550123', '+12125550123', ['US'])).toBe('country_not_allowed');
    expect(refusal('+12125550123', '+12125550123', ['US'])).toBeUndefined();
  });

  it('to a country that takes no names as senders', () => {
    expect(refusal('+12125550123', 'SALON')).toBe('sender_not_allowed');
    expect(refusal('+12125550123', '+4512345678')).toBeUndefined();
    expect(refusal('+12125550123', `MG${'a'.repeat(32)}`)).toBeUndefined();
  });
});

it('only a name cannot be answered', () => {
  const canReply = (from: string) => estimate('a', {}, { from }).canReply;
  expect(canReply('SALON SOL')).toBe(false);
  expect(canReply('+4512345678')).toBe(true);
  expect(canReply('1204')).toBe(true);
  expect(canReply(`MG${'a'.repeat(32)}`)).toBe(true);
});
