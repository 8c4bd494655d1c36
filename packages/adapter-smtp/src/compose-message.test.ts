import { emailEnvelope } from '@posthorn/testing';
import { simpleParser } from 'mailparser';
import { describe, expect, it } from 'vitest';
import { composeMessage } from './compose-message.ts';
import { type SmtpSettingsInput, smtpSettings } from './settings.ts';

const compose = (envelope = emailEnvelope(), settings: Partial<SmtpSettingsInput> = {}) =>
  composeMessage(envelope, smtpSettings.parse({ host: 'smtp.example', authentication: 'none', ...settings }));

describe('who it is from and to', () => {
  it('comes back to the sender where no bounce domain is set, else to a path of its own', async () => {
    const envelope = emailEnvelope({ returnToken: 'abc123' });
    expect(await compose(envelope)).toMatchObject({
      from: 'hello@salon.example',
      to: 'anna@customers.example',
    });
    expect(await compose(envelope, { bounceDomain: 'bounce.sålon.example' })).toMatchObject({
      from: 'b-abc123@bounce.xn--slon-qoa.example',
    });
  });

  it('goes to A-labels, in the envelope and in the headers', async () => {
    const { to, bytes } = await compose(
      emailEnvelope({ to: { name: 'Bær', address: 'anna@blåbær.example' } }),
    );
    expect(to).toBe('anna@xn--blbr-roah.example');
    expect(bytes.toString()).toContain('<anna@xn--blbr-roah.example>');
  });

  it('comes back to a sender with letters outside ASCII, who has to stand in the envelope', async () => {
    const envelope = emailEnvelope({ from: { address: 'søren@sålon.example' } });
    expect(await compose(envelope, { bounceDomain: 'bounce.example' })).toMatchObject({
      from: 'søren@xn--slon-qoa.example',
      international: 'sender',
    });
  });

  it('keeps a quoted local part', async () => {
    const { to, bytes } = await compose(
      emailEnvelope({ to: { address: '"anna, of here"@customers.example' } }),
    );
    expect(to).toBe('"anna, of here"@customers.example');
    expect(bytes.toString()).toContain('To: <"anna, of here"@customers.example>');
  });
});

it("tells SendGrid's relay whose reports come back, where an account is named for them", async () => {
  const headers = { 'x-smtpapi': 'of the host' };
  const envelope = emailEnvelope({ returnToken: 'abc123', headers });
  const fieldOf = async (settings: Partial<SmtpSettingsInput>) =>
    (await simpleParser((await compose(envelope, settings)).bytes)).headers.get('x-smtpapi');
  expect(await fieldOf({})).toBe(headers['x-smtpapi']);
  const field = await fieldOf({ reportedBy: 'own-sendgrid' });
  expect(JSON.parse(`${field}`)).toEqual({ unique_args: { posthorn_token: 'abc123' } });
});

it('has the same Message-ID and Date at every attempt, and names no software', async () => {
  const envelope = emailEnvelope();
  const [first, second] = await Promise.all([compose(envelope), compose({ ...envelope, attempt: 2 })]);
  for (const { bytes } of [first, second]) {
    const { messageId, date } = await simpleParser(bytes);
    expect(messageId).toBe(`<${envelope.messageId}@salon.example>`);
    expect(date?.getTime()).toBe(envelope.createdAt);
    expect(bytes.toString()).not.toMatch(/nodemailer/i);
  }
});

it('is 7-bit in lines of at most 78 characters, whatever stands in it', async () => {
  const { skeleton } = emailEnvelope();
  const text = [`Kære 👋 ${'lang '.repeat(300)}`];
  const { bytes } = await compose(
    emailEnvelope({ skeleton: { ...skeleton, text, html: text, subject: text } }),
  );
  expect(bytes.toString('latin1')).toMatch(/^[\t\r\n -~]*$/);
  for (const line of bytes.toString().split('\r\n')) expect(line.length).toBeLessThanOrEqual(78);
});

it('a text alone is no multipart, and it is not sent as format=flowed', async () => {
  const { html: _html, ...skeleton } = emailEnvelope().skeleton;
  const source = (await compose(emailEnvelope({ skeleton }))).bytes.toString();
  expect(source).toContain('Content-Type: text/plain; charset=utf-8\r\n');
  expect(source).not.toMatch(/flowed|multipart/);
});

it('a path or an address in the content is content, nothing is read or fetched', async () => {
  const { skeleton } = emailEnvelope();
  const text = ['/etc/passwd'];
  const html = ['<img src="file:///etc/passwd"><img src="http://127.0.0.1:9/x.png">'];
  const email = await simpleParser(
    (await compose(emailEnvelope({ skeleton: { ...skeleton, text, html } }))).bytes,
  );
  expect(email.text?.trim()).toBe('/etc/passwd');
  expect(email.html).toContain('file:///etc/passwd');
  expect(email.attachments).toHaveLength(0);
});

it('a part that its slots leave empty is not there', async () => {
  const { skeleton } = emailEnvelope();
  const slots = ['', 'Hello'];
  const contentOf = async (text: readonly number[], html: readonly number[]) =>
    (await compose(emailEnvelope({ slots, skeleton: { ...skeleton, text, html } }))).bytes.toString();
  expect(await contentOf([1], [1])).toContain('multipart/alternative');
  expect(await contentOf([0], [1])).toMatch(/Content-Type: text\/html; charset=utf-8\r\n\r\nHello\r\n$/);
  expect(await contentOf([1], [0])).toMatch(/Content-Type: text\/plain; charset=utf-8\r\n\r\nHello\r\n$/);
  expect(await contentOf([0], [0])).toMatch(/Content-Type: text\/plain\r\n\r\n$/);
});

it('files of a message stand beside those of its skeleton, each of them encoded once', async () => {
  const file = (filename: string, content: Uint8Array) => ({
    hash: filename,
    filename,
    mediaType: 'application/pdf',
    sizeBytes: content.byteLength,
    disposition: 'attachment' as const,
    content,
  });
  const terms = file('terms.pdf', Uint8Array.of(1, 2, 3));
  const { skeleton } = emailEnvelope();
  const filesOf = async (...attachments: (typeof terms)[]) => {
    const { bytes } = await compose(emailEnvelope({ skeleton, attachments }));
    return (await simpleParser(bytes)).attachments.map(({ filename, content }) => [filename, ...content]);
  };
  expect(await filesOf(terms)).toEqual([['terms.pdf', 1, 2, 3]]);
  // Content is immutable: were it read again, this would show.
  terms.content[0] = 9;
  expect(await filesOf(terms, file('invoice 1.pdf', Uint8Array.of(4)))).toEqual([
    ['terms.pdf', 1, 2, 3],
    ['invoice 1.pdf', 4],
  ]);
  expect(await filesOf(terms, file('invoice 2.pdf', Uint8Array.of(5)))).toEqual([
    ['terms.pdf', 1, 2, 3],
    ['invoice 2.pdf', 5],
  ]);
});

it('no extra header stands in for one of ours', async () => {
  const headers = {
    From: 'x@elsewhere.example',
    'content-type': 'text/html',
    'mime-version': '2',
    Date: 'never',
  };
  const { bytes } = await compose(emailEnvelope({ headers }));
  expect(bytes.toString()).not.toMatch(/elsewhere|never|MIME-Version: 2/);
  expect(bytes.toString().match(/^(From|Date|MIME-Version): /gm)).toHaveLength(3);
});
