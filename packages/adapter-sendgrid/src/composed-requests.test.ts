import { emailEnvelope, type SendGridRequest } from '@posthorn/testing';
import { describe, expect, it } from 'vitest';
import { openAccount, sendOne } from './account.test-kit.ts';
import type { SendGridSettingsInput } from './settings.ts';

type Body = Record<string, unknown>;

async function bodyWith(settings: Partial<SendGridSettingsInput>): Promise<Body> {
  return (await requestWith(settings)).body as Body;
}

async function requestWith(settings: Partial<SendGridSettingsInput>): Promise<SendGridRequest> {
  const { server, transport } = await openAccount({}, settings);
  await sendOne(transport);
  const [request] = server.requests;
  if (request === undefined) throw new Error('Nothing was asked.');
  return request;
}

describe('an account says in every request', () => {
  it('whether opens and clicks are recorded, and that nothing else changes the message', async () => {
    const off = { enable: false };
    expect(await bodyWith({})).toMatchObject({
      tracking_settings: {
        click_tracking: { enable: true, enable_text: false },
        open_tracking: { enable: true },
        subscription_tracking: off,
        ganalytics: off,
      },
      mail_settings: { footer: off, sandbox_mode: off },
    });
    expect(await bodyWith({ tracking: { clicks: false } })).toMatchObject({
      tracking_settings: { click_tracking: { enable: false }, open_tracking: { enable: true } },
    });
  });

  it('its unsubscribe group and its subuser, where it has them', async () => {
    expect(await bodyWith({ unsubscribeGroup: 42 })).toMatchObject({ asm: { group_id: 42 } });
    expect(await bodyWith({})).not.toHaveProperty('asm');
    expect((await requestWith({ subuser: 'salon-sol' })).headers['on-behalf-of']).toBe('salon-sol');
    expect((await requestWith({})).headers['on-behalf-of']).toBeUndefined();
  });
});

it.each(['Hansen, Anna', 'Anna; the "first"', 'back\\slash, too', 'Søren 👋', 'O\'Hara "x"'])(
  'the name %s is read as it was written',
  async (name) => {
    const { server, transport } = await openAccount();
    await sendOne(transport, emailEnvelope({ to: { name, address: 'anna@a.example' } }));
    expect(server.messages[0]?.toName).toBe(name);
  },
);

it('letters in a header field are encoded in words that every reader takes', async () => {
  const { server, transport } = await openAccount();
  const value = `Grüße 👩‍👩‍👧 ${'fra Åse '.repeat(30)}`;
  await sendOne(transport, emailEnvelope({ headers: { 'X-Greeting': value, 'X-Plain': 'as it is' } }));
  const headers = server.messages[0]?.headers;
  expect(headers?.get('x-plain')).toBe('as it is');
  const words = headers?.get('x-greeting')?.split(' ') ?? [];
  for (const word of words) expect(word).toMatch(/^=\?utf-8\?B\?[A-Za-z0-9+/]+=*\?=$/);
  expect(Math.max(...words.map(({ length }) => length))).toBeLessThanOrEqual(75);
  const read = words.map((word) => {
    const bytes = Buffer.from(word.slice(10, -2), 'base64');
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  });
  expect(read.join('')).toBe(value);
});
