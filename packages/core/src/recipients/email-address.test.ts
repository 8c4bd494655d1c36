import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InputError } from '../errors.ts';
import { checkEmailAddress, normaliseEmail, parseEmail } from './email-address.ts';

const A64 = 'a'.repeat(64);
const LABEL63 = 'd'.repeat(63);

describe('an email address is taken', () => {
  it.each([
    'anna@example.dk',
    "o'brien+tag=x/y@example.co.uk",
    'a.b-c_d@sub.example-shop.dk',
    '!#$%&*{|}~^`?@example.dk',
    '"anna b"@example.dk',
    '"a@b"@example.dk',
    '"\\"quoted\\" \\\\"@example.dk',
    'søren@example.dk',
    '用户@例子.广告',
    'root@localhost',
    '17@1und1.de',
    `${A64}@example.dk`,
    `a@${LABEL63}.dk`,
    'a@xn--bcher-kva.example',
  ])('%s', (text) => {
    expect(parseEmail(text)).toEqual({ ok: true, address: text });
  });

  it('with an international domain, in its canonical form', () => {
    expect(parseEmail('a@BÜCHER.example')).toEqual({ ok: true, address: 'a@bücher.example' });
    expect(parseEmail('a@bu\u0308cher。example')).toEqual({ ok: true, address: 'a@bücher.example' });
  });

  it('up to 254 octets, and no further', () => {
    const domain = [LABEL63, LABEL63, 'd'.repeat(61)].join('.');
    expect(parseEmail(`${A64}@${domain}`).ok).toBe(true);
    expect(parseEmail(`${A64}@${domain}d`)).toMatchObject({
      ok: false,
      reason: 'it is longer than 254 octets',
    });
  });
});

describe('an email address is refused, with the reason', () => {
  it.each([
    ['', 'it is empty'],
    ['   ', 'it begins or ends with a space'],
    ['anna', 'it has no "@"'],
    ['@example.dk', 'nothing stands before the "@"'],
    ['anna@', 'nothing stands after the "@"'],
    ['anna@example.dk ', 'it begins or ends with a space'],
    ['anna@example.dk\r\nBcc: all@example.dk', 'it holds a line break'],
    ['anna\n@example.dk', 'it holds a line break'],
    ['anna@example.dk\u0000', 'it holds a character that cannot be seen'],
    ['an\u200bna@example.dk', 'it holds a character that cannot be seen'],
    ['anna\u00a0@example.dk', 'it holds a character that cannot be seen'],
    ['anna\u2028@example.dk', 'it holds a character that cannot be seen'],
    ['anna\ud800@example.dk', 'it holds a character that cannot be seen'],
    ['Anna <anna@example.dk>', 'it holds a display name, which goes into `name`'],
    ['anna@example.dk, bo@example.dk', 'it holds several addresses, or a comma'],
    ['team:anna@example.dk', 'the part before the "@" holds what it may not'],
    ['.anna@example.dk', 'a dot stands first, last or twice before the "@"'],
    ['anna.@example.dk', 'a dot stands first, last or twice before the "@"'],
    ['an..na@example.dk', 'a dot stands first, last or twice before the "@"'],
    ['an na@example.dk', 'the part before the "@" holds what it may not'],
    ['anna(work)@example.dk', 'the part before the "@" holds what it may not'],
    ['"anna@example.dk', 'the quotes before the "@" are not closed, or hold what they may not'],
    ['"an"na"@example.dk', 'the quotes before the "@" are not closed, or hold what they may not'],
    ['"anna\\"@example.dk', 'the quotes before the "@" are not closed, or hold what they may not'],
    ['""@example.dk', 'the quotes before the "@" are not closed, or hold what they may not'],
    [`${A64}a@example.dk`, 'the part before the "@" is longer than 64 octets'],
    [`${'ø'.repeat(33)}@example.dk`, 'the part before the "@" is longer than 64 octets'],
    // What they are compared as: a semicolon, and 96 octets.
    ['anna\u037ebo@example.dk', 'it holds several addresses, or a comma'],
    [`${'\u023a'.repeat(32)}@example.dk`, 'the part before the "@" is longer than 64 octets'],
    ['anna@example.dk.', 'a dot stands first, last or twice in the domain'],
    ['anna@.example.dk', 'a dot stands first, last or twice in the domain'],
    ['anna@example..dk', 'a dot stands first, last or twice in the domain'],
    [`anna@${LABEL63}d.dk`, 'a part of the domain is longer than 63'],
    ['anna@-example.dk', 'the domain holds what it may not'],
    ['anna@example-.dk', 'the domain holds what it may not'],
    ['anna@ex_ample.dk', 'the domain holds what it may not'],
    ['anna@ex%61mple.dk', 'the domain holds what it may not'],
    ['anna@gmail', 'the domain has no ending such as ".com"'],
    ['anna@127.0.0.1', 'the domain ends in a number'],
    ['anna@0x7f.1', 'the domain ends in a number'],
    ['anna@[192.0.2.1]', 'an IP address in brackets is no domain that providers send to'],
    ['anna@\u0301x.example', 'the domain is no valid international name'],
    ['anna@⑯.⑯.⑯.⑯', 'the domain ends in a number'],
    [`${'a'.repeat(1_000_000)}@example.dk`, 'it is longer than 254 octets'],
  ])('%j', (text, reason) => {
    expect(parseEmail(text)).toMatchObject({ ok: false, reason });
  });

  it('when it is no text at all', () => {
    for (const value of [undefined, null, 17, ['anna@example.dk'], { toString: () => 'anna@example.dk' }]) {
      expect(parseEmail(value)).toMatchObject({ ok: false, given: '', reason: 'it is not a text' });
    }
  });

  it('by an error that names the path and stays short', () => {
    try {
      checkEmailAddress(`${'x'.repeat(100_000)}@`, 'to[3].email');
      expect.unreachable();
    } catch (error) {
      expect(error).toBeInstanceOf(InputError);
      expect(error).toMatchObject({ code: 'invalid_address', path: 'to[3].email' });
      expect((error as Error).message.length).toBeLessThan(300);
    }
  });
});

describe('whatever the text', () => {
  const anything = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 80 }),
    fc.string({ unit: fc.constantFrom(...'ab.@"\\ <>,;:()[]\r\n\t\u0000øß。-_1') }),
    fc.emailAddress(),
    fc
      .tuple(fc.string({ unit: 'grapheme', maxLength: 20 }), fc.domain())
      .map(([local, domain]) => `${local}@${domain}`),
  );

  it('what is taken cannot end a header or become two addresses, and is taken again as it is', () => {
    fc.assert(
      fc.property(anything, (text) => {
        const parsed = parseEmail(text);
        if (!parsed.ok) return;
        expect(parsed.address).not.toMatch(/[\p{Cc}\p{Zl}\p{Zp}]/u);
        const unquoted = parsed.address.replace(/^"(?:[^"\\]|\\.)*"/u, '');
        expect(unquoted).not.toMatch(/[\s<>,;:()[\]"\\]/);
        expect(unquoted.split('@')).toHaveLength(2);
        expect(
          Buffer.byteLength(parsed.address.slice(0, parsed.address.lastIndexOf('@'))),
        ).toBeLessThanOrEqual(64);
        expect(parseEmail(parsed.address)).toEqual(parsed);
      }),
      { numRuns: 2000 },
    );
  });

  it('the compared form is a fixed point and an address itself', () => {
    fc.assert(
      fc.property(anything, (text) => {
        if (!parseEmail(text).ok) return;
        const once = normaliseEmail(text);
        expect(normaliseEmail(once)).toBe(once);
      }),
      { numRuns: 2000 },
    );
  });

  it('takes every address that RFC 5322 generators write', () => {
    fc.assert(
      fc.property(fc.emailAddress(), (text) => {
        expect(parseEmail(text)).toEqual({ ok: true, address: text });
      }),
    );
  });

  it('quotes that nothing needs, or a letter that is folded, are read like the plain address', () => {
    const plain = fc.emailAddress().filter((text) => text.indexOf('@') <= 60);
    fc.assert(
      fc.property(plain, (text) => {
        const [local, domain] = text.split('@');
        expect(normaliseEmail(`"${local}"@${domain}`)).toBe(normaliseEmail(text));
        // The Kelvin sign is a k.
        expect(normaliseEmail(`\u212a${text}`)).toBe(normaliseEmail(`k${text}`));
      }),
    );
  });
});

it('two ways to write one address compare as one', () => {
  const same = [
    ['Anna@Example.DK', 'anna@example.dk'],
    ['"anna"@example.dk', 'anna@example.dk'],
    ['"a\\nna"@example.dk', 'anna@example.dk'],
    ['"An na"@example.dk', '"an na"@example.dk'],
    ['a@BÜCHER.example', 'a@xn--bcher-kva.example'],
    ['SØREN@example.dk', 'søren@example.dk'],
    ['zoe\u0308@example.dk', 'zo\u00eb@example.dk'],
  ] as const;
  for (const [one, other] of same) expect(normaliseEmail(one)).toBe(normaliseEmail(other));
  expect(normaliseEmail('anna+shop@example.dk')).not.toBe(normaliseEmail('anna@example.dk'));
});
