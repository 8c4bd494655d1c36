import {
  emailEnvelope,
  loopbackCertificate,
  type SmtpStep,
  type SmtpTestServerOptions,
} from '@posthorn/testing';
import { expect, it } from 'vitest';
import { accountOn, openAccount, sendOne } from './account.test-kit.ts';
import { expiredCertificate, otherNameCertificate } from './certificates.test-kit.ts';
import type { SmtpSettingsInput } from './index.ts';

const username = 'hello@salon.example';
const password = 'correct horse';
const login = { username, password };
const users = { [username]: password };
const trusting = { tls: { ca: loopbackCertificate.authority } };
const signal = new AbortController().signal;

it('a right account over STARTTLS passes every step, and sends encrypted', async () => {
  const account = await openAccount(
    { users, tls: loopbackCertificate },
    { ...login, ...trusting, host: 'localhost', security: 'starttls' },
  );
  const { ok, message, steps } = await account.transport.verify({ signal });
  expect(message).toBe('localhost takes email from this account.');
  expect(ok).toBe(true);
  expect(steps.map(({ name }) => name)).toEqual([
    'name',
    'connection',
    'greeting',
    'tls',
    'credentials',
    'sender',
  ]);
  expect(account.server.taken).toHaveLength(0);

  expect(await sendOne(account.transport, emailEnvelope())).toMatchObject({ status: 'accepted' });
  const inTheClear = account.server.steps.filter(({ secure }) => !secure).map(({ verb }) => verb);
  expect(new Set(inTheClear)).toEqual(new Set(['CONNECT', 'EHLO', 'STARTTLS']));
});

it('a right account over TLS passes every step', async () => {
  const { transport } = await openAccount(
    { users, tls: { ...loopbackCertificate, implicit: true } },
    { ...login, ...trusting, host: 'localhost', security: 'tls' },
  );
  const { ok, steps } = await transport.verify({ signal });
  expect(ok).toBe(true);
  expect(steps.map(({ name }) => name)).toEqual([
    'name',
    'connection',
    'tls',
    'greeting',
    'credentials',
    'sender',
  ]);
});

const at = (verb: string, answer: string | null) => (step: SmtpStep) =>
  step.verb === verb ? answer : undefined;

const WRONG: readonly (readonly [
  string,
  SmtpTestServerOptions,
  Partial<SmtpSettingsInput>,
  string,
  RegExp,
])[] = [
  [
    'an expired certificate',
    { tls: expiredCertificate },
    trusting,
    'tls',
    /certificate of localhost has expired/,
  ],
  [
    'a certificate for another name',
    { tls: otherNameCertificate },
    trusting,
    'tls',
    /not for the name localhost/,
  ],
  ['an unknown authority', { tls: loopbackCertificate }, {}, 'tls', /authority that is not trusted/],
  ['no STARTTLS', {}, {}, 'tls', /offers no encryption \(STARTTLS\) on port \d+: 502/],
  [
    'STARTTLS that is cut',
    { tls: loopbackCertificate, script: at('STARTTLS', null) },
    trusting,
    'greeting',
    /ended the connection/,
  ],
  [
    'TLS where the server speaks STARTTLS',
    { tls: loopbackCertificate },
    { ...trusting, security: 'tls' },
    'tls',
    /No encrypted connection to localhost on port \d+.* choose security 'starttls'\.$/,
  ],
  [
    'a wrong password',
    { users, tls: loopbackCertificate },
    { ...trusting, password: 'wrong' },
    'credentials',
    /user name or the password is wrong: 535 Wrong user/,
  ],
  [
    'a login server that is down',
    { users, tls: loopbackCertificate, script: at('AUTH', '454 4.7.0 Down') },
    trusting,
    'credentials',
    /cannot check the login at the moment: 454 Down/,
  ],
  ['no login offered', { tls: loopbackCertificate }, trusting, 'credentials', /takes no login/],
  [
    'a sender that is refused',
    { users, tls: loopbackCertificate, script: at('MAIL', '550 5.7.1 Not yours') },
    trusting,
    'sender',
    /refuses hello@salon\.example as a sender: 550 Not yours/,
  ],
  [
    'a refusal instead of a greeting',
    { script: at('CONNECT', '554 5.7.1 Go away') },
    {},
    'greeting',
    /refuses us: 554 Go away/,
  ],
  [
    'a cut instead of a greeting',
    { script: at('CONNECT', null) },
    {},
    'greeting',
    /ended the connection before greeting.* choose security 'tls'\.$/,
  ],
];

it.each(WRONG)('verifying says what is wrong: %s', async (_name, server, settings, step, sentence) => {
  const { transport } = await openAccount(server, {
    ...login,
    host: 'localhost',
    security: 'starttls',
    ...settings,
  });
  const { ok, message, steps } = await transport.verify({ signal });
  expect(message).toMatch(sentence);
  expect(ok).toBe(false);
  expect(steps.at(-1)).toEqual({ name: step, ok: false, message });
  expect(steps.slice(0, -1).every((passed) => passed.ok)).toBe(true);
  expect(JSON.stringify(steps)).not.toContain(password);
});

it('verifying says that a name does not exist, and that a port is closed', async () => {
  const closed = await openAccount();
  await closed.server.close();
  expect(await closed.transport.verify({ signal })).toMatchObject({
    ok: false,
    message: expect.stringMatching(
      /^127\.0\.0\.1 refuses connections on port \d+: no mail server listens there\.$/,
    ),
    steps: [{ name: 'connection', ok: false }],
  });
  const nowhere = accountOn(2525, { ...login, host: 'mail.salon.invalid', security: 'starttls' });
  expect(await nowhere.verify({ signal })).toMatchObject({
    ok: false,
    message: expect.stringMatching(/^The name mail\.salon\.invalid could not be found/),
    steps: [{ name: 'name', ok: false }],
  });
});

it('a certificate that is not checked is said to be unchecked', async () => {
  const { transport } = await openAccount(
    { users, tls: otherNameCertificate },
    { ...login, security: 'starttls', tls: { rejectUnauthorized: false } },
  );
  const { ok, steps } = await transport.verify({ signal });
  expect(ok).toBe(true);
  expect(steps.find(({ name }) => name === 'tls')?.message).toContain('not checked');
});

it('a certificate problem refuses messages for now, as a fault of the connection', async () => {
  const { transport } = await openAccount(
    { users, tls: expiredCertificate },
    { ...login, ...trusting, host: 'localhost', security: 'starttls' },
  );
  expect(await sendOne(transport, emailEnvelope())).toMatchObject({
    status: 'refused',
    retryable: true,
    failure: { category: 'tls', fault: 'network', phase: 'tls' },
  });
});
