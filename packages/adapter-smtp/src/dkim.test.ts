import { generateKeyPairSync } from 'node:crypto';
import { emailEnvelope } from '@posthorn/testing';
import fc from 'fast-check';
import { simpleParser } from 'mailparser';
import { expect, it } from 'vitest';
import { openAccount, sendOne } from './account.test-kit.ts';
import { composeMessage } from './compose-message.ts';
import { verifyDkim } from './dkim.test-kit.ts';
import { smtpSettings } from './settings.ts';

const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const dkim = {
  dkim: { domainName: 'sålon.example', keySelector: 's1' },
  dkimPrivateKey: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
};
const { skeleton } = emailEnvelope();
const withContent = (text: string) =>
  emailEnvelope({ skeleton: { ...skeleton, subject: [text], text: [text], html: [`<p>${text}</p>`] } });
const compose = async (envelope: ReturnType<typeof emailEnvelope>) =>
  (
    await composeMessage(
      envelope,
      smtpSettings.parse({ host: 'smtp.example', authentication: 'none', ...dkim }),
    )
  ).bytes;

it.each([
  ['plain words', 'See you soon.'],
  ['letters outside ASCII', 'Kære Søren, vi ses på lørdag 👋'],
  ['lines that begin with dots', '.\r\n..\r\n.hidden\r\n\r\n.'],
  ['blanks at the ends of lines and empty lines at the end', 'one \t \r\ntwo  three\t\r\n \r\n\r\n\r\n'],
  ['line breaks of an old machine', 'one\rtwo\r.\r\r\nthree'],
  ['a line longer than SMTP takes', 'x'.repeat(3000)],
  ['nothing', ''],
])('the server gets a signature that fits: %s', async (_what, text) => {
  const { transport, server } = await openAccount({}, dkim);
  await sendOne(transport, withContent(text));
  const [taken] = server.taken;
  if (taken === undefined) throw new Error('Nothing came.');
  const tags = verifyDkim(taken.content, publicKey);
  expect([tags.get('d'), tags.get('s')]).toEqual(['xn--slon-qoa.example', 's1']);
});

it('a signature fits whatever is sent', async () => {
  const text = fc.string({ unit: fc.constantFrom('a', '.', ' ', '\t', '\n', '\r\n', '=', 'ø', '👋', '"') });
  await fc.assert(
    fc.asyncProperty(text, text, async (content, name) => {
      const to = { name: name.replace(/[\r\n]/g, ''), address: 'søren@customers.example' };
      verifyDkim(await compose({ ...withContent(content), to }), publicKey);
    }),
    { numRuns: 40 },
  );
});

it('the links to unsubscribe arrive whole and signed, however long they are', async () => {
  const { transport, server } = await openAccount({}, dkim);
  const token = 'Zm9yIGVrc2VtcGVs-_'.repeat(40);
  const headers = {
    'List-Unsubscribe': `<https://app.example.dk/messages/unsubscribe/${token}>, <mailto:s%C3%B8ren@salon.example?subject=unsubscribe%20${token}>`,
    'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
  };
  await sendOne(transport, emailEnvelope({ headers }));
  const [taken] = server.taken;
  if (taken === undefined) throw new Error('Nothing came.');
  const signed = verifyDkim(taken.content, publicKey).get('h')?.split(':');
  expect(signed).toEqual(expect.arrayContaining(['list-unsubscribe', 'list-unsubscribe-post']));
  const lines = taken.content.toString('latin1').split('\r\n');
  expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(998);
  const { headerLines } = await simpleParser(taken.content);
  const unfolded = headerLines.map(({ line }) => line.replace(/\r\n(?=[ \t])/g, ''));
  for (const [name, value] of Object.entries(headers)) expect(unfolded).toContain(`${name}: ${value}`);
});

it('it covers who, to whom, when, what, and how to unsubscribe', async () => {
  const headers = {
    'List-Unsubscribe': '<https://salon.example/u>',
    'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
  };
  const replyTo = { address: 'kim@salon.example' };
  const tags = verifyDkim(await compose(emailEnvelope({ headers, replyTo })), publicKey);
  expect(tags.get('h')?.split(':')).toEqual(
    expect.arrayContaining([
      'from',
      'to',
      'reply-to',
      'subject',
      'date',
      'message-id',
      'mime-version',
      'content-type',
      'list-unsubscribe',
      'list-unsubscribe-post',
    ]),
  );
});

it('another body, sender or subject does not fit', async () => {
  const source = (await compose(withContent('See you at nine.'))).toString('latin1');
  for (const [before, after] of [
    ['at nine.\r\n', 'at ten.\r\n'],
    ['hello@salon', 'other@salon'],
    ['Subject: See', 'Subject: Saw'],
  ] as const) {
    expect(source).toContain(before);
    const changed = Buffer.from(source.replace(before, after), 'latin1');
    expect(() => verifyDkim(changed, publicKey)).toThrow();
  }
});
