import fc from 'fast-check';
import { expect, it } from 'vitest';
import { endOfMessage, stuffDots } from './stuff-dots.ts';

const text = fc.array(fc.constantFrom('.', '..', 'a', '\r\n', '\r\n.', '\n', '\r', '.\r\n'), {
  maxLength: 30,
});

/** What a server does: RFC 5321 section 4.5.2. */
function received(wire: string): string {
  const end = wire.startsWith('.\r\n') ? 0 : wire.indexOf('\r\n.\r\n') + 2;
  expect(wire.slice(end)).toBe('.\r\n');
  return wire.slice(0, end).replace(/(^|\n)\./g, '$1');
}

it('a message comes out as it went in, in whatever parts it is sent, and ends where it ends', () => {
  fc.assert(
    fc.property(text, fc.integer({ min: 1, max: 12 }), (parts, size) => {
      const message = Buffer.from(parts.join(''));
      const pieces: Buffer[] = [];
      for (let at = 0; at < message.length; at += size)
        pieces.push(stuffDots(message.subarray(at, at + size), at === 0 || message[at - 1] === 10));
      const wire = Buffer.concat([...pieces, endOfMessage(message)]).toString();
      const content = received(wire);
      expect(content.startsWith(message.toString())).toBe(true);
      expect(['', '\n', '\r\n']).toContain(content.slice(message.length));
    }),
    { numRuns: 1000 },
  );
});

it('a message without dots in the wrong place is not copied', () => {
  const message = Buffer.from('a.b\r\nc.\r\n');
  expect(stuffDots(message, true)).toBe(message);
});
