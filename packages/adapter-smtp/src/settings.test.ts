import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { smtpSettings } from './settings.ts';
import { smtp } from './smtp.ts';

const right = { host: 'smtp.example.com', username: 'anna', password: 'secret' };
const elliptic = generateKeyPairSync('ec', { namedCurve: 'prime256v1' })
  .privateKey.export({ type: 'pkcs8', format: 'pem' })
  .toString();
const problemsOf = (input: unknown) => {
  const { error } = smtpSettings.safeParse(input);
  return error?.issues.map(({ path, message }) => `${path.join('.')}: ${message}`) ?? [];
};

describe('settings are completed', () => {
  it.each([
    [{}, { security: 'starttls', port: 587 }],
    [{ port: 465 }, { security: 'tls', port: 465 }],
    [{ security: 'tls' }, { security: 'tls', port: 465 }],
    [{ port: 2525 }, { security: 'starttls', port: 2525 }],
    [
      {},
      { authentication: 'password', maxConnections: 5, connectionTimeoutMs: 30_000, replyTimeoutMs: 600_000 },
    ],
  ])('%j', (input, expected) => {
    expect(smtpSettings.parse({ ...right, ...input })).toMatchObject(expected);
  });
});

it('settings that were completed and stored are settings again', () => {
  const completed = smtpSettings.parse({ ...right, port: 465, bounceDomain: 'bounce.example', tls: {} });
  expect(smtpSettings.parse(JSON.parse(JSON.stringify(completed)))).toEqual(completed);
});

describe('settings are refused in words that say why', () => {
  it.each<[string, object, RegExp]>([
    ['no user name', { username: undefined }, /^username: The mail server needs a user name/],
    ['an empty user name', { username: '  ' }, /^username: /],
    ['no password', { password: '' }, /^password: The mail server needs the password/],
    ['a password in the clear', { security: 'none' }, /^security: A password is never sent in the clear/],
    ['a password that is not used', { authentication: 'none' }, /^authentication: /],
    ['no host', { host: undefined }, /^host: A server name is needed/],
    ['a URL as host', { host: 'https://smtp.example.com' }, /^host: Write the name alone/],
    ['a port in the host', { host: 'smtp.example.com:587' }, /^host: Write the name alone/],
    ['a line break in the host', { host: 'smtp.example.com\r\nQUIT' }, /^host: /],
    ['a line break in our name', { name: 'salon.example\r\nMAIL' }, /^name: /],
    ['a port that is none', { port: 70_000 }, /^port: /],
    ['a field of another name', { user: 'anna' }, /Unrecognized key: "user"/],
    [
      'a bounce domain that is an address',
      { bounceDomain: '192.0.2.1' },
      /^bounceDomain: A domain is needed/,
    ],
    [
      'half of DKIM',
      { dkim: { domainName: 'salon.example', keySelector: 's1' } },
      /^dkimPrivateKey: DKIM needs both/,
    ],
    ['a key that is none', { dkimPrivateKey: '-----BEGIN nonsense' }, /^dkimPrivateKey: A private RSA key/],
    ['a key of another kind than RSA', { dkimPrivateKey: elliptic }, /^dkimPrivateKey: A private RSA key/],
    ['a reporter that is no key', { reportedBy: 'own sendgrid\r\n' }, /^reportedBy: /],
    ['too many connections', { maxConnections: 1000 }, /^maxConnections: /],
  ])('%s', (_name, input, problem) => {
    expect(problemsOf({ ...right, ...input }).join('\n')).toMatch(problem);
  });

  it('a key named after a prototype', () => {
    const hostile = JSON.parse(
      '{"host":"a.example","username":"a","password":"b","__proto__":{"port":1},"constructor":1}',
    );
    expect(problemsOf(hostile).join()).toMatch(/constructor/);
    expect(problemsOf(JSON.parse('["smtp.example.com"]'))).not.toEqual([]);
  });
});

it('a relay without a login says so, an own machine may go without encryption', () => {
  expect(problemsOf({ host: 'relay.local', authentication: 'none', security: 'none' })).toEqual([]);
  expect(problemsOf({ ...right, host: '127.0.0.1', security: 'none' })).toEqual([]);
  expect(problemsOf({ ...right, host: 'mælk.example' })).toEqual([]);
});

it('the password and the key are the secret ones', () => {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const dkimPrivateKey = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  const dkim = { domainName: 'salon.example', keySelector: 's1' };
  const adapter = smtp({ ...right, dkim, dkimPrivateKey });
  const open = Object.entries(adapter.settings.parse(adapter.platform)).filter(
    ([name]) => !(adapter.secrets as readonly string[]).includes(name),
  );
  expect(JSON.stringify(open)).not.toContain('secret');
  expect(JSON.stringify(open)).not.toContain('PRIVATE');
});

it('without settings there is no account of the platform', () => {
  expect('platform' in smtp()).toBe(false);
});
