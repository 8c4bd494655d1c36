import { joinPart, type SkeletonPiece } from '@posthorn/core';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { anyText } from './envelope-arbitrary.test-kit.ts';
import { decodeQuotedPrintable } from './quoted-printable.test-kit.ts';
import { encodeTextPart, spliceTextPart } from './text-part.ts';

const splice = (pieces: readonly SkeletonPiece[], ...slots: readonly string[]) =>
  spliceTextPart(encodeTextPart(pieces), slots);

it('says what the joined text says, wherever it is cut into pieces and slots', () => {
  const piece = fc.oneof(anyText([], 3), fc.nat(3));
  fc.assert(
    fc.property(fc.array(piece), fc.array(anyText([], 3), { maxLength: 4 }), (pieces, slots) => {
      const joined = joinPart(pieces, slots).replace(/\r\n?|\n/g, '\r\n');
      expect(decodeQuotedPrintable(splice(pieces, ...slots)).equals(Buffer.from(joined))).toBe(true);
    }),
  );
});

it('puts slots between soft breaks', () => {
  expect(splice(['Hello ', 0, ', see you soon.'], 'Anna')).toBe('Hello =\r\nAnna=\r\n, see you soon.');
  expect(splice(['Hello\n', 0, '\nBye'], 'Søren\n')).toBe('Hello\r\nS=C3=B8ren\r\n\r\nBye');
});

it.each<[string, readonly SkeletonPiece[], readonly string[], string]>([
  ['a CRLF from two slots', ['one', 0, 1, 'two'], ['\r', '\n'], 'one\r\ntwo'],
  ['a CRLF from a slot and the text', ['one', 0, '\ntwo'], ['\r'], 'one\r\ntwo'],
  ['a CRLF from the text and a slot', ['one\r', 0, 'two'], ['\n'], 'one\r\ntwo'],
  ['a CRLF around an empty slot', ['one\r', 0, '\ntwo'], [''], 'one\r\ntwo'],
  ['an emoji from two slots', [0, 1], ['\ud83d', '\udc4b'], '=F0=9F=91=8B'],
  ['an emoji from the text and a slot', ['\ud83d', 0], ['\udc4b'], '=F0=9F=91=8B'],
])('%s is one', (_what, pieces, slots, encoded) => {
  expect(splice(pieces, ...slots)).toBe(encoded);
});

it.each<[string, readonly SkeletonPiece[], readonly string[], string]>([
  ['the text', ['one '], [], 'one=20'],
  ['a slot', ['one', 0], [' '], 'one=\r\n=20'],
  ['the text before a slot that is empty', ['one ', 0, 1], ['', ''], 'one=20'],
  ['a slot before another that is empty', [0, 1], ['one ', ''], 'one=20'],
])('a blank at the end of %s is kept', (_what, pieces, slots, encoded) => {
  expect(splice(pieces, ...slots)).toBe(encoded);
});

it('is nothing where it shows nothing', () => {
  expect(splice([])).toBe('');
  expect(splice(['', 0, 5], '')).toBe('');
});
