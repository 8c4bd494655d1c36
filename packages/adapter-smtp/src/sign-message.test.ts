import { generateKeyPairSync } from 'node:crypto';
import fc from 'fast-check';
import DKIM from 'nodemailer/lib/dkim';
import { expect, it } from 'vitest';
import { composeMessage } from './compose-message.ts';
import { verifyDkim } from './dkim.test-kit.ts';
import { anyEnvelope } from './envelope-arbitrary.test-kit.ts';
import { mimeLibrary } from './mime-library.ts';
import { smtpSettings } from './settings.ts';
import { signatureField } from './sign-message.ts';

const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const dkim = { domainName: 'Sålon.example', keySelector: 's1' };
const dkimPrivateKey = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
const account = { host: 'smtp.example', authentication: 'none' } as const;
const unsigned = smtpSettings.parse(account);
const signing = smtpSettings.parse({ ...account, dkim, dkimPrivateKey });

it('is the message with the signature that nodemailer gives it, which holds', async () => {
  await fc.assert(
    fc.asyncProperty(anyEnvelope(), async (envelope) => {
      const { bytes } = await composeMessage(envelope, signing);
      const headerFieldNames = verifyDkim(bytes, publicKey).get('h') ?? '';
      const signer = new DKIM({ ...dkim, privateKey: dkimPrivateKey, headerFieldNames });
      const chunks: Buffer[] = [];
      const plain = (await composeMessage(envelope, unsigned)).bytes;
      for await (const chunk of signer.sign(plain)) chunks.push(chunk);
      expect(bytes.toString()).toBe(Buffer.concat(chunks).toString());
    }),
    { numRuns: 100 },
  );
});

it('holds for lines that end in blanks, which servers on the way may take off', async () => {
  const fields = ['From: hello@salon.example', 'Subject: Your  booking'];
  const sign = async (...body: readonly string[]) =>
    await signatureField(await mimeLibrary(), fields, body, signing);
  const signature = await sign('one \t\r\n two\t three\r\n \r\n');
  expect(await sign('one\r\n two three\r\n')).toBe(signature);
  expect(await sign('one\r\ntwo three\r\n')).not.toBe(signature);
  const message = [signature, ...fields, '', 'one', '\ttwo three', '', ''].join('\r\n');
  expect(() => verifyDkim(Buffer.from(message), publicKey)).not.toThrow();
});
