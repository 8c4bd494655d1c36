import fc from 'fast-check';
import { expect, it } from 'vitest';
import { compareIds, compareTexts, isWholeNumber } from './compare-texts.ts';

const text = fc.string({ unit: fc.constantFrom('a', 'B', '\ufb01', '\ud7ff', '\ue000', '😀', '\u{10ffff}') });

it('texts stand in the order of their code points, as in a database of UTF-8', () => {
  fc.assert(
    fc.property(text, text, (a, b) => {
      expect(Math.sign(compareTexts(a, b))).toBe(Buffer.compare(Buffer.from(a), Buffer.from(b)));
    }),
  );
  expect(['😀', '\ufb01'].toSorted(compareTexts)).toEqual(['\ufb01', '😀']);
});

it('ids stand in the order of their numbers, and texts come after them', () => {
  const ids = ['b', '10', '9', '017', '-4', '9007199254740993', '9007199254740992', 'a'];
  const inOrder = ['-4', '9', '10', '9007199254740992', '9007199254740993', '017', 'a', 'b'];
  expect(ids.toSorted(compareIds)).toEqual(inOrder);
});

it.each([
  ['0', true],
  ['9223372036854775807', true],
  ['-9223372036854775808', true],
  ['9223372036854775808', false],
  ['-0', false],
  ['017', false],
  ['1e3', false],
  [' 1', false],
  ['', false],
])('%j is a whole number as databases write it: %s', (given, expected) => {
  expect(isWholeNumber(given)).toBe(expected);
});
