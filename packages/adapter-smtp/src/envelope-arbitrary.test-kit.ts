import type { AttachmentContent, EmailEnvelope, Mailbox, SkeletonPiece } from '@posthorn/core';
import { emailEnvelope } from '@posthorn/testing';
import fc from 'fast-check';

/** What has ever been mangled on its way: line breaks, blanks, dots, what encodings and parts are made of, letters. */
const FRAGMENTS = [
  ...['\n', '\r\n', '\r', '\n\n', ' \r\n', '\t\n', '\u2028', '\u0085', '\v', '\f'],
  ...[
    ' ',
    '  ',
    '\t',
    'a',
    'word ',
    ' word',
    'See you soon, ',
    '.',
    '..',
    '.\n',
    'From ',
    '\nFrom ',
    'From',
    'rom ',
  ],
  ...[
    '=',
    '==',
    '=3D',
    '=0',
    '=\n',
    '=_',
    '=?utf-8?q?no?=',
    '=?x?=',
    '--',
    '\n--',
    '----=_',
    '"',
    "'",
    '\\',
    ',',
    ';',
  ],
  ...[
    'æ',
    'Søren ',
    'ø'.repeat(40),
    '日本語',
    'שלום',
    '👋',
    '👩‍👩‍👧',
    '\ud83d',
    '\udc4b',
    '\u0301',
    '\ufeff',
    '\ufffd',
  ],
  ...[
    '\0',
    '\u0001',
    '\u0007',
    '\u001b',
    '\u007f',
    '<p>',
    '</p>',
    '&amp;',
    '<',
    '>',
    '<b>x</b>',
    '<!--',
    '{{ x }}',
  ],
  ...[73, 74, 75, 76, 77, 78].map((length) => 'x'.repeat(length)),
  ...[`${'x'.repeat(74)} `, `${'x'.repeat(71)}👋`, `${'='.repeat(30)}`, 'long '.repeat(40)],
];

const fragment = fc.oneof(
  { weight: 400, arbitrary: fc.constantFrom(...FRAGMENTS) },
  { weight: 40, arbitrary: fc.string({ unit: 'binary', maxLength: 12 }) },
  { weight: 2, arbitrary: fc.constantFrom('w'.repeat(5000), 'ø'.repeat(5000), '👋 '.repeat(2000)) },
);

/** Any text. `extra` may stand in it too. */
export function anyText(extra: readonly string[], maxLength: number): fc.Arbitrary<string> {
  const either =
    extra.length === 0 ? fragment : fc.oneof({ weight: 30, arbitrary: fragment }, fc.constantFrom(...extra));
  return fc.array(either, { maxLength }).map((fragments) => fragments.join(''));
}

/** Text without line breaks. */
const headerText = anyText([], 6).map((text) => text.replace(/[\r\n]/g, ''));

function anyPieces(extra: readonly string[], slotCount: number): fc.Arbitrary<readonly SkeletonPiece[]> {
  return fc.array(fc.oneof(anyText(extra, 6), fc.nat(slotCount)), { maxLength: 6 });
}

const mailbox: fc.Arbitrary<Mailbox> = fc.record(
  {
    name: fc.oneof(
      fc.constantFrom('Anna', 'Søren Ørsted', 'Hansen, Anna "Ann" (x)', 'a'.repeat(1200), '=?utf-8?q?x?='),
      headerText,
    ),
    address: fc.constantFrom(
      'anna@customers.example',
      'Anna.B+tag@Customers.EXAMPLE',
      '"anna, of here"@customers.example',
      'anna@blåbær.example',
      'anna@xn--blbr-roah.example',
      'anna@xn--a.example',
      'søren@customers.example',
      `${'l'.repeat(64)}@${'d'.repeat(60)}.example`,
      'a..b@customers.example',
      'anna@[192.0.2.1]',
    ),
  },
  { requiredKeys: ['address'] },
);

const headers = fc.dictionary(
  fc.constantFrom(
    'X-Custom',
    'x-mixed-CASE',
    'X-Id',
    'List-Unsubscribe',
    'list-id',
    'Feedback-ID',
    'Precedence',
    'X-SMTPAPI',
  ),
  fc.oneof(
    fc.constantFrom(
      '<https://salon.example/u/abc>, <mailto:u@salon.example?subject=unsubscribe%20abc>',
      `<https://salon.example/messages/unsubscribe/${'Zm9y'.repeat(60)}>, <mailto:u@salon.example>`,
      'List-Unsubscribe=One-Click',
      'bulk',
    ),
    headerText.map((text) => text.slice(0, 900)),
  ),
  { maxKeys: 4 },
);

/** nodemailer would write letters into them that no mail server has to take. */
const threadHeaders = fc.dictionary(
  fc.constantFrom('References', 'in-reply-to'),
  fc.constantFrom('<a@customers.example>', 'b@customers.example <c@customers.example>', '', ' '),
);

const file: fc.Arbitrary<AttachmentContent> = fc
  .record({
    filename: fc.oneof(
      fc.constantFrom(
        'terms.pdf',
        'faktura æ.pdf',
        `${'long name '.repeat(20)}.txt`,
        'n'.repeat(250),
        `a${' '.repeat(100)}b`,
        '👋.png',
        'a "b"; c.txt',
        '',
      ),
      headerText.map((text) => text.slice(0, 200)),
    ),
    mediaType: fc.constantFrom(
      'application/pdf',
      'image/png',
      'text/plain; charset=utf-8',
      'text/calendar',
      'text/html',
      'application/octet-stream',
    ),
    content: fc.oneof(
      fc.uint8Array({ maxLength: 200 }),
      fc.constantFrom(new Uint8Array(0), new Uint8Array(57), new Uint8Array(114).fill(255)),
    ),
    contentId: fc.option(fc.constantFrom('logo', 'logo@salon.example', 'img.2'), { nil: undefined }),
  })
  .map(({ contentId, ...given }) => ({
    ...given,
    hash: 'unused',
    sizeBytes: given.content.byteLength,
    ...(contentId === undefined
      ? { disposition: 'attachment' as const }
      : { disposition: 'inline' as const, contentId }),
  }));

/** Any message. `lookAlikes` are texts to put into it beside what is always tried. */
export function anyEnvelope(lookAlikes: readonly string[] = []): fc.Arbitrary<EmailEnvelope> {
  const slots = fc.array(anyText(lookAlikes, 6), { maxLength: 5 });
  return slots.chain((values) => {
    const pieces = anyPieces(lookAlikes, values.length);
    return fc
      .record({
        subject: pieces,
        text: pieces,
        html: fc.option(pieces, { nil: undefined }),
        from: mailbox,
        to: mailbox,
        replyTo: fc.option(mailbox, { nil: undefined }),
        headers: fc.tuple(headers, threadHeaders).map(([own, thread]) => ({ ...own, ...thread })),
        attachments: fc.array(file, { maxLength: 3 }),
        createdAt: fc.nat(4_000_000_000).map((seconds) => seconds * 1000),
      })
      .map(({ subject, text, html, replyTo, ...parts }) =>
        emailEnvelope({
          ...parts,
          messageId: '01936f00-0000-7000-8000-000000000001',
          slots: values,
          ...(replyTo === undefined ? {} : { replyTo }),
          skeleton: {
            ...emailEnvelope().skeleton,
            slotCount: values.length,
            subject,
            text,
            ...(html === undefined ? { html: undefined as never } : { html }),
          },
        }),
      );
  });
}
