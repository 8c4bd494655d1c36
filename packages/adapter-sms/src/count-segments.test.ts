import fc from 'fast-check';
import { SegmentedMessage } from 'sms-segments-calculator';
import { describe, expect, it } from 'vitest';
import { countSegments } from './count-segments.ts';
import { costlyCharacters, isGsm } from './gsm-alphabet.ts';

const RUNS = Number(process.env.SEGMENT_RUNS ?? 300);

describe('the alphabet', () => {
  it("is Twilio's, character by character", () => {
    for (let unit = 0; unit < 0x10000; unit += 1) {
      const character = String.fromCharCode(unit);
      const { encodingName } = new SegmentedMessage(character);
      if (isGsm(character) !== (encodingName === 'GSM-7')) expect.fail(`U+${unit.toString(16)}`);
    }
  });
});

describe('a text of', () => {
  it.each([
    ['nothing', '', 1, 'gsm-7'],
    ['160 characters', 'æ'.repeat(160), 1, 'gsm-7'],
    ['161 characters', 'a'.repeat(161), 2, 'gsm-7'],
    ['two parts', 'a'.repeat(306), 2, 'gsm-7'],
    ['two parts and a character', 'a'.repeat(307), 3, 'gsm-7'],
    ['80 characters of two septets', '€'.repeat(80), 1, 'gsm-7'],
    ['81 characters of two septets', '€'.repeat(81), 2, 'gsm-7'],
    ['an escape that would stand at a border', `${'a'.repeat(152)}€${'a'.repeat(152)}`, 3, 'gsm-7'],
    ['the same length without an escape there', `€${'a'.repeat(304)}`, 2, 'gsm-7'],
    ['160 characters with a euro', `${'a'.repeat(159)}€`, 2, 'gsm-7'],
    ['70 characters with an ellipsis', `${'a'.repeat(69)}…`, 1, 'ucs-2'],
    ['71 characters with an ellipsis', `${'a'.repeat(70)}…`, 2, 'ucs-2'],
    ['134 characters with an ellipsis', `${'a'.repeat(133)}…`, 2, 'ucs-2'],
    ['135 characters with an ellipsis', `${'a'.repeat(134)}…`, 3, 'ucs-2'],
    ['an emoji at a border, which is not cut', `${'a'.repeat(66)}😀${'a'.repeat(66)}`, 3, 'ucs-2'],
    ['a family at a border, which is not cut', `${'a'.repeat(60)}👩‍👩‍👧‍👦${'a'.repeat(63)}`, 3, 'ucs-2'],
    ['1,600 characters', 'a'.repeat(1600), 11, 'gsm-7'],
  ])('%s', (_case, text, segments, encoding) => {
    expect(countSegments(text)).toEqual({ segments, encoding });
  });

  it('one character that is longer than a part, which has to be cut', () => {
    expect(countSegments(`e${'\u0301'.repeat(200)}`).segments).toBe(3);
  });
});

const unit = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom('a', 'æ', ' ', '€', '[', '\n', '\r\n', '\r', 'Ω') },
  { weight: 2, arbitrary: fc.constantFrom('…', '–', '”', 'ş', 'ж', 'か', '漢') },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      '😀',
      '👩‍👩‍👧',
      '🇩🇰',
      'e\u0301',
      '\u200d',
      '\u0301',
      '각',
      'कि',
      '\ud83d',
      '\ufe0f',
    ),
  },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', minLength: 1, maxLength: 3 }) },
);
/** Long enough for borders. */
const texts = fc.oneof(
  fc.string({ unit: fc.constantFrom('a', 'æ', '€', '^', 'b', '\n'), minLength: 100, maxLength: 500 }),
  fc.array(unit, { maxLength: 30 }).map((parts) => parts.join('')),
  fc.array(unit, { minLength: 50, maxLength: 260 }).map((parts) => parts.join('')),
  fc.array(fc.constantFrom('a', '…', '😀'), { minLength: 50, maxLength: 300 }).map((parts) => parts.join('')),
);

it('every text has as many segments as the calculator says', () => {
  fc.assert(
    fc.property(texts, (text) => {
      const { encodingName, segmentsCount } = new SegmentedMessage(text);
      const counted = countSegments(text);
      expect(counted.encoding).toBe(encodingName.toLowerCase());
      expect(counted.segments).toBe(segmentsCount);
    }),
    { numRuns: RUNS },
  );
});

describe('the characters that cost the cheaper alphabet', () => {
  it.each([
    ['Hej', []],
    ['Hej… og hej…', ['…']],
    ['“Hej” – ç', ['“', '”', '–', 'ç']],
    ['👩‍👩‍👧 og 🇩🇰🇸🇪', ['👩‍👩‍👧', '🇩🇰', '🇸🇪']],
    ['A\u030arhus', ['A\u030a']],
    ['…😀…', ['…', '😀']],
  ])('of %s are named once, as people see them', (text, expected) => {
    expect(costlyCharacters(text)).toEqual(expected);
  });

  it('are named where there are any, and nowhere else', () => {
    fc.assert(
      fc.property(texts, (text) => {
        expect(costlyCharacters(text).length > 0).toBe(!isGsm(text));
      }),
      { numRuns: RUNS },
    );
  });
});
