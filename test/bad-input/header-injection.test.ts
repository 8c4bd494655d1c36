import { smtp } from '@posthorn/adapter-smtp';
import { arrayRecipients } from '@posthorn/core';
import { startSmtpTestServer } from '@posthorn/testing';
import { describe, expect, it, onTestFinished } from 'vitest';
import { expectRefused, openStoredSalon } from './stored-salon.test-kit.ts';

type Face = Awaited<ReturnType<typeof openStoredSalon>>['posthorn'];

/** Whatever some reader of headers takes for the end of a line. */
const BREAKS = ['\r\n', '\n', '\r', '\u2028', '\u0085', '\0', '\u000b'];
const evil = (lineBreak: string) => `a${lineBreak}Bcc: eve@example.com`;

const to = { email: 'anna@example.dk' };
const content = { email: { subject: 'S', text: 'T' } };
const sender = { key: 'x', channel: 'email', address: 'hej@x.dk' } as const;
const server = { host: 'smtp.example.dk', username: 'u', password: 'p' };
const attach = (file: object) => [{ filename: 'a.png', content: 'x', ...file }];

/** Every field that becomes a header or an argument of an SMTP command: how it is filled, and how it is refused. */
const fields: readonly (readonly [string, string, string, (face: Face, text: string) => Promise<unknown>])[] =
  [
    ['identity.name', 'header_injection', 'name', (it, name) => it.identities.save({ ...sender, name })],
    [
      'identity.address',
      'invalid_address',
      'address',
      (it, address) => it.identities.save({ ...sender, address }),
    ],
    [
      'identity.address within a good one',
      'invalid_address',
      'address',
      (it, text) => it.identities.save({ ...sender, address: `${text}@example.com` }),
    ],
    [
      'identity.replyTo',
      'invalid_address',
      'replyTo',
      (it, replyTo) => it.identities.save({ ...sender, replyTo }),
    ],
    [
      'address of an SMS identity',
      'invalid_address',
      'address',
      (it, address) => it.identities.save({ key: 'x', channel: 'sms', address }),
    ],
    [
      'data of the call, in a subject',
      'header_injection',
      'data.customer.firstName',
      (it, firstName) =>
        it.send({
          to,
          email: { subject: 'Hej {{ customer.firstName }}', text: 'T' },
          data: { customer: { firstName } },
        }),
    ],
    ['to.name', 'header_injection', 'to.name', (it, name) => it.send({ ...content, to: { ...to, name } })],
    ['to.email', 'invalid_address', 'to.email', (it, email) => it.send({ ...content, to: { email } })],
    [
      'quoted local part',
      'invalid_address',
      'to.email',
      (it, text) => it.send({ ...content, to: { email: `"${text}"@example.com` } }),
    ],
    [
      'to.phone',
      'invalid_address',
      'to.phone',
      (it, text) => it.send({ sms: { text: 'T' }, to: { phone: `+4512345678${text}` } }),
    ],
    ['send.replyTo', 'invalid_address', 'replyTo', (it, replyTo) => it.send({ ...content, to, replyTo })],
    [
      'value of a header',
      'header_injection',
      'headers["X-A"]',
      (it, text) => it.send({ ...content, to, headers: { 'X-A': text } }),
    ],
    [
      'filename',
      'header_injection',
      'attachments[0].filename',
      (it, filename) => it.send({ ...content, to, attachments: attach({ filename }) }),
    ],
    [
      'media type',
      'header_injection',
      'attachments[0].mediaType',
      (it, text) => it.send({ ...content, to, attachments: attach({ mediaType: `image/png${text}` }) }),
    ],
    [
      'content id',
      'header_injection',
      'attachments[0].inline',
      (it, inline) => it.send({ ...content, to, attachments: attach({ inline }) }),
    ],
    [
      'filename of a template',
      'header_injection',
      'attachments[0].filename',
      (it, filename) => it.templates.save({ key: 't', ...content, attachments: attach({ filename }) }),
    ],
    [
      'name of the server',
      'invalid_input',
      'settings.host',
      (it, host) => it.accounts.save({ key: 'a', adapter: 'smtp', settings: { ...server, host } }),
    ],
    [
      'name in EHLO',
      'invalid_input',
      'settings.name',
      (it, name) => it.accounts.save({ key: 'a', adapter: 'smtp', settings: { ...server, name } }),
    ],
    [
      'bounce domain',
      'invalid_input',
      'settings.bounceDomain',
      (it, bounceDomain) =>
        it.accounts.save({ key: 'a', adapter: 'smtp', settings: { ...server, bounceDomain } }),
    ],
  ];

/** In a subject only what ends a line; other controls are the reader's business. */
const subjects: readonly (readonly [string, string, (face: Face, text: string) => Promise<unknown>])[] = [
  ['send', 'email.subject', (it, subject) => it.send({ to, email: { subject, text: 'T' } })],
  [
    'template',
    'email.subject',
    (it, subject) => it.templates.save({ key: 't', email: { subject, text: 'T' } }),
  ],
  [
    'another language',
    'locales.en.email.subject',
    (it, subject) =>
      it.templates.save({ key: 't', ...content, locales: { en: { email: { subject, text: 'T' } } } }),
  ],
  ['title', 'internal.title', (it, title) => it.templates.save({ key: 't', internal: { title, body: 'B' } })],
];

const openWithSmtp = () => openStoredSalon({ adapters: [smtp(server)] });

describe('a line break is refused, and nothing is written', () => {
  it.each(fields)('%s', async (_, code, path, fill) => {
    const { posthorn, file } = await openWithSmtp();
    for (const lineBreak of BREAKS) {
      await expectRefused(file, () => fill(posthorn, evil(lineBreak)), { code, path });
    }
  });

  it.each(subjects)('subject of a %s', async (_, path, fill) => {
    const { posthorn, file } = await openWithSmtp();
    for (const lineBreak of ['\r\n', '\n', '\r']) {
      await expectRefused(file, () => fill(posthorn, evil(lineBreak)), { code: 'header_injection', path });
    }
  });
});

/** Line breaks that come with the data, or that the template itself makes out of something harmless. */
const made: readonly (readonly [string, string])[] = [
  ['a tag', 'Hej {{ customer.firstName }}'],
  ['a tag of a list of words', 'Hej {{ customer.firstName | split: " " | join: " " }}'],
  ['a decoded URL', 'Hej {{ "a%0D%0ABcc: eve@example.com" | url_decode }}'],
  ['a replacement', 'Hej {{ "a-Bcc: eve@example.com" | replace: "-", customer.firstName }}'],
  ['a capture', 'Hej {% capture x %}{{ customer.firstName }}{% endcapture %}{{ x }}'],
  ['an escape in a literal', 'Hej {{ "a\\r\\nBcc: eve@example.com" }}'],
];

describe('a line break in the data', () => {
  it.each(made)('makes no header out of %s', async (_, subject) => {
    const { content: email, subject: rendered } = await mailOf(subject);
    expect(rendered).not.toMatch(/[\r\n\u2028\u2029\u0085]/);
    const [head = ''] = email.split('\r\n\r\n');
    const names = head
      .split('\r\n')
      .filter((line) => /^\S/.test(line))
      .map((line) => line.split(':')[0]);
    expect(names.map((name) => name?.toLowerCase())).not.toContain('bcc');
    expect(new Set(names).size).toBe(names.length);
    expect(head).not.toMatch(/(?<!\r)\n|\r(?!\n)/);
  });
});

/** What arrives at a mail server where everything that the host's data brings is hostile. */
async function mailOf(subject: string) {
  const mailServer = await startSmtpTestServer();
  onTestFinished(() => mailServer.close());
  const hostile = evil('\r\n');
  const customers = arrayRecipients({
    label: 'Customers',
    rows: [{ id: '1', name: `Anna ${hostile}`, email: 'anna@example.dk' }],
    id: 'id',
    name: 'name',
    email: 'email',
    data: () => ({ 1: { customer: { firstName: `Anna ${hostile}\u2028\u0085X-Evil: 1` } } }),
  });
  const { port } = mailServer;
  const platform = { host: '127.0.0.1', port, security: 'none', authentication: 'none' } as const;
  const { posthorn } = await openStoredSalon({ adapters: [smtp(platform)], recipients: { customers } });
  const email = { subject, text: 'T' };
  const message = await posthorn.send({ to: { source: 'customers', id: '1' }, email, wait: 'accepted' });
  expect(message.status).toBe('accepted');
  expect(mailServer.taken).toHaveLength(1);
  const content = mailServer.taken[0]?.content.toString() ?? '';
  return { content, subject: message.subject };
}

describe("the host's data", () => {
  it('with a line break in an address is skipped, not sent anywhere else', async () => {
    const customers = arrayRecipients({
      label: 'Customers',
      rows: BREAKS.map((lineBreak, id) => ({
        id,
        email: `anna@example.dk${lineBreak}RCPT TO:<eve@example.com>`,
      })),
      id: 'id',
      email: 'email',
    });
    const { posthorn, email, drain } = await openStoredSalon({ recipients: { customers } });
    const recipients = BREAKS.map((_, id) => ({ source: 'customers', id: String(id) }));
    const messages = await posthorn.send({ ...content, to: recipients });
    await drain();
    expect(messages.map(({ reason }) => reason)).toEqual(BREAKS.map(() => 'invalid_address'));
    expect(email.handedOver).toEqual([]);
  });
});
