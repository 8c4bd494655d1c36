import { startTwilioTestServer, type TwilioTestServerOptions } from '@posthorn/testing';
import { describe, expect, it } from 'vitest';
import { accountOn } from './account.test-kit.ts';
import type { TwilioSettingsInput } from './settings.ts';

async function verify(
  options: TwilioTestServerOptions = {},
  settings: Partial<TwilioSettingsInput> = {},
  sender?: string,
) {
  const server = await startTwilioTestServer(options);
  const transport = accountOn(server, settings);
  try {
    const { signal } = new AbortController();
    const { ok, message, steps } = await transport.verify({
      signal,
      ...(sender === undefined ? {} : { sender }),
    });
    return {
      ok,
      message,
      steps: steps.map((step) => `${step.name} ${step.ok}`),
      sent: server.messages.length,
    };
  } finally {
    await transport.close();
    await server.close();
  }
}

const CONNECTED = ['name true', 'connection true'];

describe('verifying an account', () => {
  it('asks Twilio for it', async () => {
    expect(await verify()).toEqual({
      ok: true,
      message: 'Twilio takes text messages from this account.',
      steps: [...CONNECTED, 'credentials true'],
      sent: 0,
    });
  });

  it('works with an API key, which may not read the account', async () => {
    const apiKeySid = `SK${'b'.repeat(32)}`;
    const settings = { authToken: undefined, apiKeySid, apiKeySecret: 'key secret' };
    expect((await verify({ apiKeys: { [apiKeySid]: 'key secret' } }, settings)).ok).toBe(true);
    expect((await verify({ apiKeys: { [apiKeySid]: 'another' } }, settings)).ok).toBe(false);
  });

  it.each(['suspended', 'closed'] as const)('names an account that Twilio has %s', async (accountStatus) => {
    const { ok, message, steps } = await verify({ accountStatus });
    expect([ok, steps.at(-1)]).toEqual([false, 'credentials false']);
    expect(message).toContain(accountStatus);
  });

  it('names a wrong token', async () => {
    const { message, steps } = await verify({ authToken: 'right' }, { authToken: 'wrong token' });
    expect(steps).toEqual([...CONNECTED, 'credentials false']);
    expect(message).toContain('wrong');
  });

  it('asks whether the account has the number that messages come from', async () => {
    const numbers = ['+4512345678'];
    expect((await verify({ numbers }, { from: '+4512345678' })).steps.at(-1)).toBe('sender true');
    expect(await verify({ numbers }, {}, '+4587654321')).toMatchObject({
      ok: false,
      message: expect.stringContaining('+4587654321'),
    });
  });

  it('asks nothing about a name or a service, which Twilio does not tell', async () => {
    for (const sender of ['SALON', `MG${'a'.repeat(32)}`])
      expect((await verify({}, {}, sender)).steps.at(-1)).toBe('credentials true');
  });
});
