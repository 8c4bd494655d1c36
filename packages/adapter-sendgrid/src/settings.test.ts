import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { sendgrid } from './sendgrid.ts';
import { sendgridSettings } from './settings.ts';

const apiKey = 'SG.abcdefghijklmnopqrstuv.abcdefghijklmnopqrstuvwxyz0123456789-_abcde';
const p256 = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
const shown = p256.publicKey.export({ format: 'der', type: 'spki' }).toString('base64');

/** What people read beside the field that is wrong. */
function problemOf(settings: Record<string, unknown>): { field: unknown; message: string } | undefined {
  const [issue] = sendgridSettings.safeParse({ apiKey, ...settings }).error?.issues ?? [];
  return issue && { field: issue.path[0], message: issue.message };
}

describe('the settings of a SendGrid account', () => {
  it('need a key alone; opens and clicks are recorded, and it sends by the global region', () => {
    expect(sendgridSettings.parse({ apiKey })).toEqual({
      apiKey,
      region: 'global',
      baseUrl: 'https://api.sendgrid.com',
      tracking: { opens: true, clicks: true },
      sandbox: false,
    });
    expect(sendgridSettings.parse({ apiKey, region: 'eu' }).baseUrl).toBe('https://api.eu.sendgrid.com');
  });

  it('forgive the blanks around what was copied', () => {
    expect(sendgridSettings.parse({ apiKey: ` ${apiKey}\n`, webhookPublicKey: `${shown}\n` })).toMatchObject({
      apiKey,
      webhookPublicKey: shown,
    });
  });

  it('take the verification key as SendGrid shows it, and in PEM form', () => {
    const pem = p256.publicKey.export({ format: 'pem', type: 'spki' }).toString();
    for (const webhookPublicKey of [shown, pem]) expect(problemOf({ webhookPublicKey })).toBeUndefined();
  });

  it.each<[string, string]>([
    ['words', 'my key'],
    ['half a key', shown.slice(0, 60)],
    ['the key of another curve', exported('secp384r1')],
    ['a private key', p256.privateKey.export({ format: 'pem', type: 'pkcs8' }).toString()],
    ['nothing', ''],
  ])('refuse %s as a verification key, and say where it stands', (_, webhookPublicKey) => {
    expect(problemOf({ webhookPublicKey })).toEqual({
      field: 'webhookPublicKey',
      message: expect.stringContaining('Verification Key'),
    });
  });

  it.each(['', 'two words', 'SG.with\nbreak', 'SG.bøger'])('refuse %j as an API key', (key) => {
    expect(problemOf({ apiKey: key })).toMatchObject({ field: 'apiKey' });
  });

  it.each(['http://proxy.example.com', 'http://127.0.0.1.example.com', 'http://localhost.example.com'])(
    'never give the key away in the clear: %s',
    (baseUrl) => {
      expect(problemOf({ baseUrl })).toEqual({
        field: 'baseUrl',
        message: expect.stringContaining('never sent in the clear'),
      });
    },
  );

  it.each([
    'https://a.example/v3',
    'https://user:word@a.example',
    'ftp://a.example',
    'a.example',
    'https://a.example?x=1',
  ])('refuse %s, which is more or less than an address of a server', (baseUrl) => {
    expect(problemOf({ baseUrl })).toMatchObject({ field: 'baseUrl' });
  });

  it.each(['http://localhost:8080', 'http://127.0.0.1:1', 'http://[::1]:80', 'https://proxy.example.com'])(
    'take %s',
    (baseUrl) => {
      expect(problemOf({ baseUrl })).toBeUndefined();
    },
  );

  it.each([
    { region: 'us' },
    { subuser: 'a\r\nb' },
    { unsubscribeGroup: 0 },
    { unsubscribeGroup: 1.5 },
    { tracking: { open: true } },
    { clicks: true },
  ])('refuse %j', (settings) => {
    expect(problemOf(settings)).toBeDefined();
  });
});

it('the key is a secret, and is not kept for another server', () => {
  expect(sendgrid()).toMatchObject({ secrets: ['apiKey'], secretsGoTo: ['region', 'baseUrl'] });
});

it('without settings there is no account of the platform', () => {
  expect(sendgrid()).not.toHaveProperty('platform');
  expect(sendgrid({ apiKey })).toMatchObject({ platform: { apiKey } });
});

function exported(namedCurve: string): string {
  const { publicKey } = generateKeyPairSync('ec', { namedCurve });
  return publicKey.export({ format: 'der', type: 'spki' }).toString('base64');
}
