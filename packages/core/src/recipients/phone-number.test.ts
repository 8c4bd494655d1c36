import fc from 'fast-check';
import { expect, it } from 'vitest';
import { parsePhone } from './phone-number.ts';

it.each([
  ['+4512345678', '+4512345678'],
  [' +45 12 34 56 78 ', '+4512345678'],
  ['0045 12-34-56-78', '+4512345678'],
  ['+45\u00a012\u201334\u2011567 8', '+4512345678'],
  ['+44 (0)20 7946 0958', '+442079460958'],
  ['+1 (212) 555.0100', '+12125550100'],
  ['+683 4002', '+6834002'],
])('%s is read as %s', (text, number) => {
  expect(parsePhone(text)).toEqual({ ok: true, address: number });
});

it.each([
  ['', 'it is empty'],
  ['12345678', 'it has no country code'],
  ['(0)12345678', 'it has no country code'],
  ['+0012345678', 'no country has numbers of that form'],
  ['+45 123', 'no country has numbers of that form'],
  ['+1234567890123456', 'no country has numbers of that form'],
  ['+45 12 34 56 78 ext. 9', 'it holds something else than digits'],
  ['+45 12 34 56 78, +45 87 65 43 21', 'it holds something else than digits'],
  ['+45\r\n12345678', 'it holds a line break'],
  ['+٤٥١٢٣٤٥٦٧٨', 'it holds something else than digits'],
  ['++4512345678', 'it holds something else than digits'],
  ['1'.repeat(100_000), 'it is too long'],
])('%j is refused: %s', (text, reason) => {
  expect(parsePhone(text)).toMatchObject({ ok: false, reason });
});

it('what is no text is refused', () => {
  for (const value of [4512345678, null, undefined, ['+4512345678']])
    expect(parsePhone(value).ok).toBe(false);
});

it('what is taken is E.164, and is taken again as it is', () => {
  const text = fc.string({ unit: fc.constantFrom(...'+0123456789 -().\n٣') });
  fc.assert(
    fc.property(text, (given) => {
      const parsed = parsePhone(given);
      if (!parsed.ok) return;
      expect(parsed.address).toMatch(/^\+[1-9][0-9]{6,14}$/);
      expect(parsePhone(parsed.address)).toEqual(parsed);
    }),
    { numRuns: 1000 },
  );
});
