import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkHeaders, checkHeaderText } from './check-headers.ts';

describe('extra header fields', () => {
  it('are taken as they are', () => {
    const headers = {
      'X-Booking': '17',
      'List-Unsubscribe': '<https://example.dk/u>',
      'In-Reply-To': '<a@b>',
    };
    expect(checkHeaders(headers)).toEqual(headers);
  });

  it.each(['\r\nBcc: eve@example.com', '\n', '\r', '\0', '\u2028', '\u0085', '\u000b'])(
    'refuse a value with %j, with its path',
    (evil) => {
      expect(() => checkHeaders({ 'X-Note': `a${evil}` })).toThrow(
        expect.objectContaining({ code: 'header_injection', path: 'headers["X-Note"]' }),
      );
    },
  );

  it('refuse a name with a line break as injection', () => {
    expect(() => checkHeaders({ 'X-A\r\nBcc': 'x' })).toThrow(
      expect.objectContaining({ code: 'header_injection' }),
    );
  });

  it.each(['X Note', 'X:Note', '', 'Æble', 'X'.repeat(77)])('refuse the name %j', (name) => {
    expect(() => checkHeaders({ [name]: 'x' })).toThrow(expect.objectContaining({ code: 'invalid_input' }));
  });

  it.each([
    'From',
    'to',
    'CC',
    'Bcc',
    'Subject',
    'Date',
    'Message-ID',
    'MIME-Version',
    'Content-Type',
    'DKIM-Signature',
    'Return-Path',
    'Sender',
    'Reply-To',
    'Received',
    'Resent-From',
  ])('leave %s to Posthorn', (name) => {
    expect(() => checkHeaders({ [name]: 'x' })).toThrow(
      expect.objectContaining({ code: 'invalid_input', path: `headers["${name}"]` }),
    );
  });

  it('refuse one that is given twice, in whatever case', () => {
    expect(() => checkHeaders({ 'X-Note': 'a', 'x-note': 'b' })).toThrow(/given twice/);
  });

  it('never let through what starts another line', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        let taken = true;
        try {
          checkHeaderText(text, 'x');
        } catch {
          taken = false;
        }
        expect(taken && /[\r\n\0]/.test(text)).toBe(false);
      }),
    );
  });
});
