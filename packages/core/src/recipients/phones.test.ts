import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { AnyAdapter, PhoneReader } from '../ports/index.ts';
import { parsePhone } from './phone-number.ts';
import { phonesOf } from './phones.ts';

/** Numbers of eight digits, landlines where they begin with 3. */
const danish: PhoneReader = {
  read(text, country) {
    if (!text.startsWith('+') && country === null) return { ok: false, problem: 'no_country' };
    const number = text.startsWith('+') ? text : `+45${text}`;
    if (number.startsWith('+453')) return { ok: false, problem: 'landline' };
    const isOne = !number.startsWith('+45') || number.length === 11;
    return isOne ? { ok: true, number, country: 'DK' } : { ok: false, problem: 'impossible' };
  },
};

const withReader = (reader: PhoneReader) => ({
  adapters: new Map([
    ['sms', { key: 'sms', channel: 'sms', phones: async () => reader } as unknown as AnyAdapter],
  ]),
});
const adapters = new Map<string, AnyAdapter>();

it.each([
  ['20 11 22 33', 'DK'],
  ['0045 2011-2233', 'DK'],
  ['+45 (0)20112233', null],
  ['(20) 11.22.33', 'DK'],
])('%s, in %s, is read as the same number', async (text, country) => {
  const { read } = await phonesOf(withReader(danish), { country });
  expect(read(text)).toEqual({ ok: true, address: '+4520112233' });
});

it.each([
  ['33112233', 'DK', { isLandline: true, reason: 'it takes no text messages' }],
  ['20112233', null, { isLandline: false, reason: 'it has no country code' }],
  ['2011', 'DK', { isLandline: false, reason: 'no country has numbers of that form' }],
  ['20112233 ext. 4', 'DK', { isLandline: false, reason: 'it holds something else than digits' }],
  ['1-800-SALON', 'DK', { isLandline: false, reason: 'it holds something else than digits' }],
])('%j, in %s, is refused: %o', async (text, country, refusal) => {
  const { read } = await phonesOf(withReader(danish), { country });
  expect(read(text)).toMatchObject({ ok: false, given: text, ...refusal });
});

it('without an SMS adapter a number needs its country code, whatever the country is', async () => {
  const { read } = await phonesOf({ adapters }, { country: 'DK' });
  expect(read('20112233')).toMatchObject({ ok: false, reason: 'it has no country code' });
  expect(read('+45 33 11 22 33')).toEqual({ ok: true, address: '+4533112233' });
});

it('what is marked or looked up may be a landline with its country code, and is E.164', async () => {
  const { check } = await phonesOf(withReader(danish), { country: 'DK' });
  expect(check('+45 33 11 22 33', 'phone')).toBe('+4533112233');
  expect(() => check('33112233', 'phone')).toThrow(
    expect.objectContaining({
      code: 'invalid_address',
      path: 'phone',
      advice: expect.stringContaining('+45'),
    }),
  );
});

it('whatever a reader answers, only a number that can be compared is taken', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.string(),
      fc.string({ unit: fc.constantFrom(...'+0123456789 -()') }),
      async (number, given) => {
        const reader: PhoneReader = { read: () => ({ ok: true, number, country: null }) };
        const parsed = (await phonesOf(withReader(reader), { country: null })).read(given);
        if (parsed.ok) expect(parsePhone(parsed.address)).toEqual(parsed);
      },
    ),
  );
});
