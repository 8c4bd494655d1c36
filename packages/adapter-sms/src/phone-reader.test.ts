import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { countryOfNumber } from './country-of-number.ts';
import { phoneReader } from './phone-reader.ts';

const { read } = phoneReader();

describe('a number is read', () => {
  it.each([
    ['20 12 34 56', 'DK', '+4520123456', 'DK'],
    ['+45 20-12.34/56', null, '+4520123456', 'DK'],
    ['0045 20123456', 'DK', '+4520123456', 'DK'],
    ['(0) 70 123 45 67', 'SE', '+46701234567', 'SE'],
    ['070-123 45 67', 'SE', '+46701234567', 'SE'],
    ['+44 7400 123456', 'DK', '+447400123456', 'GB'],
    ['(212) 555-0123', 'US', '+12125550123', 'US'],
    ['+299 22 11 11', 'DK', '+299221111', 'GL'],
    ['２０１２３４５６', 'DK', '+4520123456', 'DK'],
    ['٢٠١٢٣٤٥٦', 'DK', '+4520123456', 'DK'],
    ['  20\u00a012\u00a034\u00a056 ', 'DK', '+4520123456', 'DK'],
  ])('%s in %s', (text, country, number, of) => {
    expect(read(text, country)).toEqual({ ok: true, number, country: of });
  });
});

describe('a number takes no text messages', () => {
  it.each([
    ['90 12 34 56', 'DK', 'landline'],
    ['+46 8 123 456 78', null, 'landline'],
    ['+44 20 7946 0958', null, 'landline'],
    ['+800 1234 5678', null, 'landline'],
    ['1', 'DK', 'impossible'],
    ['112', 'DK', 'impossible'],
    ['2O123456', 'DK', 'impossible'],
    ['20 12 34 56 ext. 5', 'DK', 'impossible'],
    ['+45 20 12 34 56 (mobil)', 'DK', 'impossible'],
    ['📱', 'DK', 'impossible'],
    ['📱 20123456', null, 'impossible'],
    ['', 'DK', 'impossible'],
    ['', null, 'impossible'],
    ['+', null, 'impossible'],
    ['+999 123456789', 'DK', 'impossible'],
    ['1'.repeat(5000), 'DK', 'impossible'],
    ['20 12 34 56', null, 'no_country'],
    ['0045 20123456', null, 'no_country'],
    ['20 12 34 56', 'XX', 'no_country'],
    ['20 12 34 56', '__proto__', 'no_country'],
  ])('%s in %s: %s', (text, country, problem) => {
    expect(read(text, country)).toEqual({ ok: false, problem });
  });
});

it('whatever is read, the answer is a number in E.164 or a problem, and reading that number again gives it again', () => {
  const texts = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.array(fc.constantFrom(...'0123456789+-() '), { maxLength: 18 }).map((parts) => parts.join('')),
    fc.integer({ min: 20000000, max: 99999999 }).map(String),
  );
  fc.assert(
    fc.property(texts, fc.constantFrom('DK', 'SE', 'US', 'GB', 'IT', 'XX', null), (text, country) => {
      const reading = read(text, country);
      if (!reading.ok) return;
      expect(reading.number).toMatch(/^\+[1-9]\d{4,14}$/);
      expect(read(reading.number, null)).toEqual(reading);
      expect(countryOfNumber(reading.number)).toBe(reading.country);
    }),
    { numRuns: 2000 },
  );
});
