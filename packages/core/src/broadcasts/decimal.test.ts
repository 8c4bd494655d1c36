import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addDecimals, compareDecimals, isDecimal } from './decimal.ts';

const cents = fc.bigInt({ min: 0n, max: 10n ** 15n });
const asText = (units: bigint) => `${units / 100n}.${String(units % 100n).padStart(2, '0')}`;

describe('amounts', () => {
  it('are decimal numbers without a sign', () => {
    expect(['0', '250', '250.00', '0.35'].map(isDecimal)).toEqual([true, true, true, true]);
    expect(['', '-1', '1,5', '1e3', '.5', '5.', 'NaN', ' 1'].some(isDecimal)).toBe(false);
  });

  it('lose nothing when they are added', () => {
    expect(addDecimals('0.1', '0.2')).toBe('0.3');
    expect(addDecimals('250', '0.50')).toBe('250.50');
    fc.assert(
      fc.property(cents, cents, (a, b) => {
        expect(addDecimals(asText(a), asText(b))).toBe(asText(a + b));
      }),
    );
  });

  it('are compared by what they are worth', () => {
    expect(compareDecimals('250', '250.00')).toBe(0);
    expect(compareDecimals('9.99', '10')).toBeLessThan(0);
    fc.assert(
      fc.property(cents, cents, (a, b) => {
        expect(Math.sign(compareDecimals(asText(a), asText(b)))).toBe(a < b ? -1 : Number(a > b));
      }),
    );
  });

  it('that are none are refused', () => {
    expect(() => addDecimals('1', 'two')).toThrow(RangeError);
  });
});
