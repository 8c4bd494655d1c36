import fc from 'fast-check';
import { expect, it } from 'vitest';
import { ReplyReader, type ServerReply } from './reply-reader.ts';

/** What is read of bytes that come in these pieces. */
function read(pieces: readonly Buffer[]): { replies: ServerReply[]; reader: ReplyReader } {
  const reader = new ReplyReader();
  const replies: ServerReply[] = [];
  for (const piece of pieces) {
    reader.push(piece);
    for (let reply = reader.next(); reply !== undefined; reply = reader.next()) replies.push(reply);
  }
  return { replies, reader };
}

const readText = (text: string) => read([Buffer.from(text)]).replies;

it.each([
  ['250 Ok\r\n', [{ code: 250, text: '250 Ok' }]],
  ['250\r\n', [{ code: 250, text: '250' }]],
  ['250-\r\n250 \r\n', [{ code: 250, text: '250-\n250 ' }]],
  ['250-one\r\n250-two\r\n250 three\r\n', [{ code: 250, text: '250-one\n250-two\n250 three' }]],
  [
    '250 a\r\n550 b\r\n',
    [
      { code: 250, text: '250 a' },
      { code: 550, text: '550 b' },
    ],
  ],
  ['250 Ok\n', [{ code: 250, text: '250 Ok' }]],
  ['\r\n\r\n250 Ok\r\n', [{ code: 250, text: '250 Ok' }]],
  ['250 grüß dich\r\n', [{ code: 250, text: '250 grüß dich' }]],
])('%j is read as replies', (text, replies) => {
  expect(readText(text)).toEqual(replies);
});

it.each([
  'Ok\r\n',
  '25\r\n',
  '2500 Ok\r\n',
  '250Ok\r\n',
  ' 250 Ok\r\n',
  '２５０ Ok\r\n',
  '000 Ok\r\n',
  '250-one\r\n550 two\r\n',
  '250-one\r\nOk\r\n',
  '250-one\r\n\r\n',
])('%j is a reply without a code', (text) => {
  expect(readText(text)).toMatchObject([{ code: 0 }]);
});

it.each(['', '250', '250 Ok', '250 Ok\r', '250-Ok\r\n', '250-Ok\r\n250'])('%j is no reply yet', (text) => {
  expect(readText(text)).toEqual([]);
});

it('bytes that are not UTF-8 are kept as they are', () => {
  const { replies } = read([Buffer.from('250 gr\xfc\xdf dich\r\n', 'latin1')]);
  expect(replies).toEqual([{ code: 250, text: '250 grüß dich' }]);
});

it('something behind a reply is seen before it is whole', () => {
  const reader = new ReplyReader();
  const rests = ['250 Ok\r\n', '250 Ok\r\n5', '250 Ok\r\n\r\n', '250 Ok\r\n550 No\r\n'].map((text) => {
    reader.push(Buffer.from(text));
    reader.next();
    const { hasRest } = reader;
    while (reader.next() !== undefined);
    return hasRest;
  });
  expect(rests).toEqual([false, true, true, true]);
});

it.each([
  ['one line', 'x'.repeat(100)],
  ['many lines', 'x\r\n550-'],
])('a reply without end is a flood, in %s, and little of it is kept', (_what, piece) => {
  const { reader, replies } = read([
    Buffer.from('550-'),
    ...Array.from({ length: 300_000 }, () => Buffer.from(piece)),
  ]);
  expect(replies).toEqual([]);
  expect(reader.isFlooded).toBe(true);
  reader.push(Buffer.from('\r\n550 end\r\n'));
  expect(reader.next()?.text.length).toBeLessThan(41_000);
});

const word = fc.string({ unit: fc.constantFrom('a', ' ', '-', '2', '5', 'ø', '😀', '\r'), maxLength: 12 });
const reply = fc
  .tuple(fc.integer({ min: 100, max: 999 }), fc.array(word, { minLength: 1, maxLength: 4 }))
  .map(([code, words]) =>
    words.map((text, index) => `${code}${index === words.length - 1 ? ' ' : '-'}${text}.`).join('\r\n'),
  );

it('replies come out as they went in, however the network cuts them', () => {
  fc.assert(
    fc.property(
      fc.array(reply, { maxLength: 6 }),
      fc.array(fc.nat({ max: 9 }), { maxLength: 80 }),
      (sent, sizes) => {
        const bytes = Buffer.from(sent.map((text) => `${text}\r\n`).join(''));
        const pieces: Buffer[] = [];
        let at = 0;
        for (const size of sizes) {
          pieces.push(bytes.subarray(at, at + size));
          at += size;
        }
        pieces.push(bytes.subarray(at));
        const { replies, reader } = read(pieces);
        expect(replies).toEqual(
          sent.map((text) => ({ code: Number(text.slice(0, 3)), text: text.replaceAll('\r\n', '\n') })),
        );
        expect(reader.hasRest).toBe(false);
      },
    ),
    { numRuns: 500 },
  );
});

it('any bytes are read to the same end, in one piece or byte by byte', () => {
  fc.assert(
    fc.property(
      fc.array(fc.constantFrom('2', '50 ', '250-', '\r', '\n', '\r\n', 'ø', '250 Ok\r\n'), { maxLength: 40 }),
      (parts) => {
        const bytes = Buffer.from(parts.join(''));
        const whole = read([bytes]);
        const single = read([...bytes].map((byte) => Buffer.from([byte])));
        expect(single.replies).toEqual(whole.replies);
        expect(single.reader.hasRest).toBe(whole.reader.hasRest);
      },
    ),
    { numRuns: 500 },
  );
});
