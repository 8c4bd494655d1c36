import type { Verification } from '@posthorn/core';
import { type SendGridTestServerOptions, startSendGridTestServer } from '@posthorn/testing';
import { describe, expect, it, onTestFinished } from 'vitest';
import { accountOn, openAccount } from './account.test-kit.ts';

const MAY_ASK = ['mail.send', 'whitelabel.read', 'sender_verification_eligible'];
const sender = 'hello@salon.example';
const signal = new AbortController().signal;

async function verify(options: SendGridTestServerOptions, from?: string): Promise<Verification> {
  const { transport } = await openAccount(options);
  return await transport.verify(from === undefined ? { signal } : { signal, sender: from });
}

describe('verifying an account', () => {
  it('finds that the key may send, without sending', async () => {
    const { server, transport } = await openAccount();
    expect(await transport.verify({ signal })).toEqual({
      ok: true,
      message: 'SendGrid takes email from this account.',
      steps: [
        { name: 'connection', ok: true, message: expect.stringMatching(/^127\.0\.0\.1:\d+ answers\.$/) },
        { name: 'credentials', ok: true, message: 'The API key is right, and may send email.' },
      ],
    });
    expect(server.requests.map(({ method, path }) => `${method} ${path}`)).toEqual(['GET /v3/scopes']);
  });

  it('says that a key lacks the permission', async () => {
    expect(await verify({ scopes: ['stats.read'] })).toMatchObject({
      ok: false,
      message: 'The API key may not send email: give it the permission Mail Send.',
    });
  });

  it('asks as the subuser', async () => {
    const { server, transport } = await openAccount({}, { subuser: 'salon-sol' });
    await transport.verify({ signal });
    expect(server.requests[0]?.headers['on-behalf-of']).toBe('salon-sol');
  });

  it.each([
    ['a wrong key', 401, 'credentials', 'does not know this API key'],
    ['a key that is shut out', 403, 'credentials', 'does not let this API key in'],
    ['somebody else', 200, 'connection', 'not as SendGrid does'],
    ['a proxy', 502, 'connection', 'answers 502'],
  ])('tells %s', async (_, status, name, words) => {
    const verification = await verify({ script: () => ({ status, body: '<html>' }) });
    expect(verification).toMatchObject({ ok: false, message: expect.stringContaining(words) });
    expect(verification.steps.at(-1)).toMatchObject({ name, ok: false });
    expect(verification.steps.slice(0, -1).every(({ ok }) => ok)).toBe(true);
  });

  it('says that nobody is there', async () => {
    const server = await startSendGridTestServer();
    await server.close();
    const transport = accountOn(server);
    onTestFinished(() => transport.close());
    expect(await transport.verify({ signal, sender })).toMatchObject({
      ok: false,
      steps: [{ name: 'connection', ok: false }],
    });
  });
});

describe('whether SendGrid takes mail from a sender', () => {
  it.each([
    ['by its domain', ['@salon.example']],
    ['by a domain above it', ['@example']],
    ['by itself', ['HELLO@salon.example']],
  ])('is known %s', async (_, senders) => {
    const verification = await verify({ scopes: MAY_ASK, senders }, sender);
    expect(verification).toMatchObject({ ok: true });
    expect(verification.steps.at(-1)).toMatchObject({ name: 'sender', ok: true });
  });

  it.each([[[]], [['@other.example']], [['@on.example', 'other@salon.example']]])(
    'is told before anything is sent: not where it knows %j',
    async (senders) => {
      expect(await verify({ scopes: MAY_ASK, senders }, sender)).toMatchObject({
        ok: false,
        message: expect.stringContaining('SendGrid does not know hello@salon.example'),
      });
    },
  );

  it('is left to sending where the key may not ask', async () => {
    const verification = await verify({ scopes: ['mail.send'], senders: [] }, sender);
    expect(verification).toMatchObject({ ok: true });
    expect(verification.steps.at(-1)).toMatchObject({
      name: 'sender',
      ok: true,
      message: expect.stringContaining('could not be asked'),
    });
  });

  it('is left to sending where the answer is odd', async () => {
    const script = ({ path }: { path: string }) =>
      path.startsWith('/v3/scopes') ? undefined : { status: 200, body: '{"results":[null,7],"x":{}}' };
    expect(await verify({ script }, sender)).toMatchObject({ ok: true });
  });
});
