import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cleanReply, parseReply } from './reply.ts';

describe('parseReply', () => {
  it('reads code, enhanced code and the text of every line', () => {
    expect(
      parseReply('550-5.1.1 The account\r\n550-5.1.1 that you tried\r\n550 5.1.1 does not exist'),
    ).toEqual({
      code: 550,
      enhanced: '5.1.1',
      text: 'The account that you tried does not exist',
    });
  });

  it('leaves out what a server left out', () => {
    expect(parseReply('250')).toEqual({ code: 250, text: '' });
    expect(parseReply('421 bye')).toEqual({ code: 421, text: 'bye' });
    expect(parseReply('nonsense 550 5.1.1')).toEqual({ text: 'nonsense 550 5.1.1' });
  });

  it('takes an enhanced code only where it stands by itself', () => {
    expect(parseReply('550 5.1.10x odd').enhanced).toBeUndefined();
    expect(parseReply('550 5.1.1000 odd').enhanced).toBeUndefined();
    expect(parseReply('550 5.7.1').enhanced).toBe('5.7.1');
  });
});

describe('cleanReply', () => {
  it('replaces control characters and marks that turn the text around', () => {
    expect(cleanReply('a\u0000b\u001b[31mc\r\nd\u202ee\u2028f')).toBe('a b [31mc d e f');
  });

  it('blacks out what was sent to log in', () => {
    const login = Buffer.from('\0anna\0hunter22').toString('base64');
    expect(cleanReply(`bad command: AUTH PLAIN ${login}`)).toBe('bad command: AUTH PLAIN [secret]');
    expect(cleanReply('no: hunter22 or aHVudGVyMjI=', ['hunter22'])).toBe('no: [secret] or [secret]=');
  });

  it('cleans a plain text as it cleans any other', () => {
    const pieces = fc.constantFrom(
      ...'aB3.= ',
      '  ',
      'AUTH ',
      'auth PLAIN ',
      'ordinary',
      '\n',
      '\u0000',
      'é',
    );
    fc.assert(
      fc.property(fc.string({ unit: pieces, maxLength: 300 }), (text) => {
        // With something to be taken out no text is taken for plain.
        expect(cleanReply(text)).toBe(cleanReply(text, ['nowhere in it']));
      }),
      { numRuns: 1000 },
    );
  });

  it('keeps at most 1,000 whole characters, whatever comes', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', size: 'max', maxLength: 5000 }), (text) => {
        const clean = cleanReply(text);
        expect(clean.length).toBeLessThanOrEqual(1000);
        expect(clean).not.toMatch(/[\p{Cc}\p{Cs}]/u);
        expect(cleanReply(clean)).toBe(clean);
      }),
      { numRuns: 300 },
    );
    expect(cleanReply('😀'.repeat(100_000))).toMatch(/^(😀)+…$/u);
  });
});
