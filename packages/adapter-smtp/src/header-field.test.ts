import fc from 'fast-check';
import { simpleParser } from 'mailparser';
import { describe, expect, it } from 'vitest';
import { extraField, mailboxField, textField } from './header-field.ts';
import { mimeLibrary } from './mime-library.ts';

const mime = await mimeLibrary();
const read = async (...fields: readonly string[]) => await simpleParser(`${fields.join('\r\n')}\r\n\r\n`);
const lines = (field: string) => field.split('\r\n');

it.each([
  ['plain', 'See you soon, Anna!'],
  ['Danish', 'Din tid hos Frisør Ærø på lørdag'],
  ['right to left', 'שלום, נתראה בקרוב'],
  ['emoji only', '👋🎉👩‍👩‍👧'],
  ['quotes and commas', '"Hello", she said; (or <not>)'],
  ['what looks like an encoded word', '=?utf-8?q?no?= =?x?='],
  ['a word of 5,000 characters', `Re: ${'x'.repeat(5000)}`],
  ['5,000 letters', 'ø'.repeat(5000)],
  ['more blanks than a line has', `a${' '.repeat(300)}b`],
])('a subject arrives as it was written: %s', async (_what, subject) => {
  const field = textField(mime, 'Subject', subject);
  for (const line of lines(field)) expect(line).toMatch(/^(?! +$)[ -~]{1,998}$/);
  expect((await read(field)).subject).toBe(subject);
});

it('a subject of blanks is no field at all', () => {
  expect(textField(mime, 'Subject', '')).toBe('');
  expect(textField(mime, 'Subject', '  ')).toBe('');
});

describe('a mailbox', () => {
  it.each([
    ['a name', 'Anna Hansen', 'anna@customers.example'],
    ['letters', 'Søren Ærø', 'soren@customers.example'],
    ['what separates addresses', 'Hansen, Anna "Ann" <x>; (y)', 'anna@customers.example'],
    ['an endless name', 'x'.repeat(5000), 'anna@customers.example'],
    ['an endless name with quotes', `"${'x'.repeat(5000)}"`, 'anna@customers.example'],
    ['a quoted local part', 'Anna', '"anna, of here"@customers.example'],
    ['a domain of an internationalised name', 'Anna', 'anna@xn--blbr-roah.example'],
    ['a local part with letters', 'Søren', 'søren@customers.example'],
  ])('is one mailbox: %s', async (_what, name, address) => {
    const field = mailboxField(mime, 'To', { name, address });
    for (const line of lines(field)) expect(Buffer.byteLength(line)).toBeLessThanOrEqual(998);
    const { to } = await read(field);
    const [{ value } = { value: [] }] = [to ?? []].flat();
    expect(value).toEqual([{ name, address: address.replace('xn--blbr-roah', 'blåbær') }]);
  });

  it('without a name is the address', () => {
    expect(mailboxField(mime, 'To', { address: 'anna@customers.example' })).toBe(
      'To: anna@customers.example',
    );
  });
});

describe('a field of the envelope', () => {
  it('is spelt as usual', () => {
    expect(extraField(mime, 'list-id', '<news.salon.example>')).toBe('List-ID: <news.salon.example>');
    expect(extraField(mime, 'x-booking', '17')).toBe('X-Booking: 17');
  });

  it('is whole however long it is, and folded at blanks', () => {
    const url = `<https://app.example.dk/unsubscribe/${'Zm9y'.repeat(60)}>`;
    const field = extraField(mime, 'List-Unsubscribe', `${url}, <mailto:u@salon.example>`);
    expect(field).toBe(`List-Unsubscribe:\r\n ${url},\r\n <mailto:u@salon.example>`);
  });

  it('is encoded where no server would have to take it: a letter in an id, a line without an end', () => {
    for (const [name, value] of [
      ['In-Reply-To', '<søren@salon.example>'],
      ['References', '<søren@salon.example>'],
      ['X-Long', 'x'.repeat(2000)],
      ['Feedback-ID', 'x'.repeat(2000)],
    ] as const) {
      for (const line of lines(extraField(mime, name, value))) expect(line).toMatch(/^[ -~]{1,78}$/);
    }
  });
});

it('no field can begin another one, whatever stands in it', async () => {
  const hostile = fc
    .array(
      fc.constantFrom(
        '\r\n',
        '\n',
        '\r',
        'Bcc: x@elsewhere.example',
        ' ',
        '\t',
        'ø',
        '"',
        '=?',
        ':',
        'a',
        '\0',
        'x'.repeat(80),
      ),
    )
    .map((parts) => parts.join(''));
  await fc.assert(
    fc.asyncProperty(
      hostile,
      hostile,
      fc.constantFrom('X-A', 'List-Id', 'Precedence'),
      async (text, name, key) => {
        const fields = [
          textField(mime, 'Subject', text),
          extraField(mime, key, text),
          mailboxField(mime, 'From', { name, address: 'anna@customers.example' }),
        ].filter((field) => field !== '');
        for (const field of fields) expect(field).toMatch(/^[\w-]+:[ \t]?(?:[ -~\t]|\r\n[ \t])*$/);
        const { headerLines } = await read(...fields);
        expect(headerLines).toHaveLength(fields.length);
      },
    ),
  );
});

it('a name with letters of any script is written as nodemailer writes it', () => {
  const letter = fc.constantFrom(..."aZmæøåÆØÅéßñŁжЯ中文한عא0 7.'-", '\u0301', '𝒜');
  fc.assert(
    fc.property(fc.string({ unit: letter, minLength: 1, maxLength: 60 }), (name) => {
      const address = 'anna@customers.example';
      const value = mime.node.encodeHeaderValue('To', { name, address });
      const expected = `To: ${value}`;
      expect(mailboxField(mime, 'To', { name, address }).replaceAll('\r\n', '')).toBe(
        mime.foldLines(expected, 76).replaceAll('\r\n', ''),
      );
    }),
    { numRuns: 2000 },
  );
});
