import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { countSegments } from './count-segments.ts';
import { isGsm } from './gsm-alphabet.ts';
import { replaceTypography } from './smart-replacement.ts';

describe('typographic signs', () => {
  it.each([
    ['“Vi ses” – kl. 10…', '"Vi ses" - kl. 10...'],
    ['Åses\u00a0„salon”', 'Åses "salon"'],
    ['l’été', "l'été"],
    ['A\u030arhus', 'Århus'],
    ['a\u200bb\u00adc\ufeff', 'abc'],
    ['one\u2028two', 'one\ntwo'],
  ])('%s', (text, plain) => {
    expect(replaceTypography(text)).toBe(plain);
  });

  it.each(['plain', 'Vi ses € [her] ~', 'en ç – bliver', 'smil 😀 – og…'])(
    'stay where nothing is gained: %s',
    (text) => {
      expect(replaceTypography(text)).toBe(text);
    },
  );

  it('stay where three full stops for each would cost more', () => {
    const dots = '…'.repeat(60);
    expect(replaceTypography(dots)).toBe(dots);
  });
});

it('replacing never makes a text dearer, and does the same a second time as the first', () => {
  const texts = fc
    .array(fc.constantFrom('a', 'æ', '€', '…', '–', '“', '\u00a0', '😀', 'ç', 'e\u0301', ' '), {
      maxLength: 250,
    })
    .map((parts) => parts.join(''));
  fc.assert(
    fc.property(texts, (text) => {
      const replaced = replaceTypography(text);
      expect(countSegments(replaced).segments).toBeLessThanOrEqual(countSegments(text).segments);
      expect(replaced === text || isGsm(replaced)).toBe(true);
      expect(replaceTypography(replaced)).toBe(replaced);
    }),
  );
});
