import { describe, expect, it } from 'vitest';
import { ACCOUNT_SID, settingsOf } from './account.test-kit.ts';
import { isSenderName } from './sender.ts';
import { twilioSettings } from './settings.ts';
import { twilio } from './twilio.ts';

const account = { accountSid: ACCOUNT_SID, authToken: 'token' };
const key = { apiKeySid: `SK${'a'.repeat(32)}`, apiKeySecret: 'secret' };

describe('settings', () => {
  it('need the account and what proves us to Twilio; the rest has defaults', () => {
    expect(twilioSettings.parse(account)).toEqual({
      ...account,
      smartReplacement: false,
      baseUrl: 'https://api.twilio.com',
      maxConnections: 50,
      replyTimeoutMs: 60_000,
    });
    expect(twilioSettings.safeParse({ accountSid: ACCOUNT_SID, ...key }).success).toBe(true);
  });

  it.each<[string, Record<string, unknown>]>([
    ['authToken', { accountSid: ACCOUNT_SID }],
    ['apiKeySecret', { ...account, apiKeySid: key.apiKeySid }],
    ['apiKeySid', { ...account, apiKeySecret: 'secret' }],
    ['accountSid', { ...account, accountSid: 'AC123' }],
    ['accountSid', { ...account, accountSid: `${ACCOUNT_SID}/../..` }],
    ['from', { ...account, from: '12 345 678 90' }],
    ['from', { ...account, from: 'TWELVE CHARS' }],
    ['from', { ...account, from: 'Søren' }],
    ['baseUrl', { ...account, baseUrl: 'http://api.twilio.com' }],
    ['baseUrl', { ...account, baseUrl: 'https://api.twilio.com/2010-04-01' }],
    ['baseUrl', { ...account, baseUrl: 'https://user:password@api.twilio.com' }],
    ['baseUrl', { ...account, baseUrl: 'api.twilio.com' }],
    ['price.amount', { ...account, price: { amount: 0.35, currency: 'DKK' } }],
    ['price.amount', { ...account, price: { amount: '-1', currency: 'DKK' } }],
    ['price.amount', { ...account, price: { amount: '0,35', currency: 'DKK' } }],
    ['price.currency', { ...account, price: { amount: '0.35', currency: 'kr' } }],
    ['countries', { ...account, countries: [] }],
    ['countries.0', { ...account, countries: ['Danmark'] }],
  ])('are refused, naming %s: %j', (path, settings) => {
    const { error } = twilioSettings.safeParse(settings);
    expect(error?.issues.map((issue) => issue.path.join('.'))).toContain(path);
  });

  it.each([
    { from: 'SALON SOL' },
    { from: '+4512345678' },
    { from: '1204' },
    { from: `MG${'a'.repeat(32)}` },
    { baseUrl: 'https://api.dublin.ie1.twilio.com' },
    { baseUrl: 'http://127.0.0.1:3000' },
    { price: { amount: { DK: '0.35', default: '0.80' }, currency: 'DKK' } },
  ])('may say %j', (settings) => {
    expect(twilioSettings.safeParse({ ...account, ...settings }).success).toBe(true);
  });

  it('tell the default sender, where there is one', () => {
    expect(twilio().defaultSender?.(settingsOf({ from: 'SALON' }))).toBe('SALON');
    expect(twilio().defaultSender?.(settingsOf())).toBeNull();
  });
});

describe('a name as the sender', () => {
  it.each(['SALON', 'a', '7Eleven', 'Salon Sol 1', 'ABCDEFGHIJK'])('%s can be one', (text) => {
    expect(isSenderName(text)).toBe(true);
  });

  it.each(['', '12345', 'ABCDEFGHIJKL', 'Å', 'a_b', ' a', 'a ', '+4520123456', 'a\nb', '😀'])(
    '%j cannot',
    (text) => {
      expect(isSenderName(text)).toBe(false);
    },
  );
});
