import { isUtf8 } from 'node:buffer';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { anyText } from './envelope-arbitrary.test-kit.ts';
import { decodeQuotedPrintable as decode } from './quoted-printable.test-kit.ts';
import { encodeQuotedPrintable } from './quoted-printable.ts';

const text = anyText([], 12);

it('decodes to the text with its line breaks as CRLF', () => {
  fc.assert(
    fc.property(text, (given) => {
      const lines = given.replace(/\r\n?|\n/g, '\r\n');
      expect(decode(encodeQuotedPrintable(given, true)).equals(Buffer.from(lines))).toBe(true);
    }),
  );
});

it('is lines of at most 76 characters of ASCII that end in no blank, begin no mailbox and tear no letter', () => {
  fc.assert(
    fc.property(text, fc.boolean(), (given, isLast) => {
      const lines = encodeQuotedPrintable(given, isLast).split('\r\n');
      for (const line of lines) {
        expect(line).toMatch(/^(?!From )(?:[\t -~]{0,75}[!-~])?$/);
        expect(isUtf8(decode(line))).toBe(true);
      }
    }),
  );
});

it('ends with a whole line where the text goes on, so that texts can be joined', () => {
  fc.assert(
    fc.property(fc.array(text), (texts) => {
      const joined = texts.map((given) => encodeQuotedPrintable(given, false)).join('');
      expect(joined).toMatch(/(?:^|\r\n)$/);
      const lines = texts
        .map((given) => given.replace(/\r\n?|\n/g, '\r\n'))
        .map((given) => Buffer.from(given));
      expect(decode(joined).equals(Buffer.concat(lines))).toBe(true);
    }),
  );
});

it.each([
  ['plain words', 'Hello, see you soon.', 'Hello, see you soon.'],
  ['letters', 'Kære Søren', 'K=C3=A6re S=C3=B8ren'],
  ['blanks at the ends of lines', 'one \ntwo\t\n ', 'one=20\r\ntwo=09\r\n=20'],
  ['equals signs and control characters', 'a=b\u0000\u007f', 'a=3Db=00=7F'],
  ['what divides messages in a mailbox', 'From here\nFrom', '=46rom here\r\nFrom'],
  ['half an emoji', '\ud83d', '=EF=BF=BD'],
])('%s', (_what, given, encoded) => {
  expect(encodeQuotedPrintable(given, true)).toBe(encoded);
});

it('takes texts of megabytes', () => {
  const given = `${'Kære Søren 👋 = '.repeat(50_000)}\n${'='.repeat(300_000)}`;
  const decoded = decode(encodeQuotedPrintable(given, true)).toString();
  expect(decoded === given.replace('\n', '\r\n')).toBe(true);
});
