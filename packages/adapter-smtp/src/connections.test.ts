import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:tls';
import { emailEnvelope, loopbackCertificate, type SmtpStep } from '@posthorn/testing';
import { expect, it, onTestFinished } from 'vitest';
import { accountOn, openAccount, send, sendOne } from './account.test-kit.ts';

const batchOf = (size: number) => Array.from({ length: size }, () => emailEnvelope());
const verbs = (steps: readonly SmtpStep[], wanted: string) =>
  steps.filter(({ verb }) => verb === wanted).length;
const statuses = (outcomes: Awaited<ReturnType<typeof send>>) =>
  [...outcomes.values()].map(({ status }) => status);

it('a connection is used again, and no more are opened than the settings say', async () => {
  const { transport, server } = await openAccount({}, { maxConnections: 3 });
  await send(transport, batchOf(30));
  await send(transport, batchOf(5));
  expect(server.taken).toHaveLength(35);
  expect(server.peak).toBeLessThanOrEqual(3);
  expect(verbs(server.steps, 'CONNECT')).toBeLessThanOrEqual(3);
});

it('a pooled connection that the server had closed is replaced, unseen', async () => {
  const { transport, server } = await openAccount();
  await sendOne(transport, emailEnvelope());
  server.disconnect();
  expect(await sendOne(transport, emailEnvelope())).toMatchObject({ status: 'accepted' });
  expect(server.taken).toHaveLength(2);
});

for (const farewell of ['421 4.4.2 Idle for too long', null]) {
  it(`a pooled connection that answers the next MAIL with ${farewell ?? 'a cut'} is replaced, unseen`, async () => {
    const mails = new Map<number, number>();
    const script = ({ verb, connection }: SmtpStep) => {
      if (verb !== 'MAIL') return undefined;
      mails.set(connection, (mails.get(connection) ?? 0) + 1);
      return mails.get(connection) === 1 ? undefined : farewell;
    };
    const { transport, server } = await openAccount({ script }, { maxConnections: 2 });
    for (let round = 0; round < 3; round += 1)
      expect(statuses(await send(transport, batchOf(4)))).toEqual(Array(4).fill('accepted'));
    expect(server.taken).toHaveLength(12);
  });
}

it('a pooled connection that is cut after the data is not replaced: that message is in doubt', async () => {
  let messages = 0;
  const script = ({ verb }: SmtpStep) => (verb === 'MESSAGE' && ++messages === 2 ? null : undefined);
  const { transport, server } = await openAccount({ script });
  expect(await sendOne(transport, emailEnvelope())).toMatchObject({ status: 'accepted' });
  expect(await sendOne(transport, emailEnvelope())).toMatchObject({ status: 'unknown' });
  expect(server.received).toHaveLength(2);
});

it('a new connection that hangs up before MAIL is answered is not tried again at once', async () => {
  const script = ({ verb }: SmtpStep) => (verb === 'MAIL' ? null : undefined);
  const { transport, server } = await openAccount({ script });
  expect(await sendOne(transport, emailEnvelope())).toMatchObject({ status: 'refused', retryable: true });
  expect(verbs(server.steps, 'CONNECT')).toBe(1);
});

it('a server that allows two connections is sent everything over two', async () => {
  const open = new Set<number>();
  const script = ({ verb, connection }: SmtpStep) => {
    if (verb === 'QUIT') open.delete(connection);
    if (verb !== 'CONNECT') return undefined;
    if (open.size >= 2) return '421 4.7.0 Too many connections';
    open.add(connection);
    return undefined;
  };
  const { transport, server } = await openAccount({ script }, { maxConnections: 10 });
  expect(statuses(await send(transport, batchOf(40)))).toEqual(Array(40).fill('accepted'));
  expect(server.taken).toHaveLength(40);
});

it('a wrong password is tried once for a whole batch', async () => {
  const account = { username: 'anna', password: 'wrong-one' };
  const { transport, server } = await openAccount({ users: { anna: 'right-one' } }, account);
  const outcomes = await send(transport, batchOf(20));
  expect(outcomes.size).toBe(20);
  for (const outcome of outcomes.values()) {
    expect(outcome).toMatchObject({
      status: 'refused',
      retryable: true,
      failure: { category: 'credentials', phase: 'auth' },
    });
  }
  expect(verbs(server.steps, 'AUTH')).toBe(1);
});

it.each([
  ['a greeting that never comes', () => new Promise<undefined>(() => undefined), 'timeout', 'greeting'],
  ['a greeting that is a refusal', () => '554 5.7.1 Your network is not welcome', 'policy', 'greeting'],
  ['a greeting that is a cut', () => null, 'connection', 'greeting'],
  ['a greeting that is nonsense', () => 'SSH-2.0-OpenSSH_9.7', 'protocol', 'greeting'],
])('%s refuses everybody for now', async (_name, greet, category, phase) => {
  const script = ({ verb }: SmtpStep) => (verb === 'CONNECT' ? greet() : undefined);
  const { transport } = await openAccount({ script }, { connectionTimeoutMs: 200 });
  for (const outcome of (await send(transport, batchOf(3))).values()) {
    expect(outcome).toMatchObject({ status: 'refused', retryable: true, failure: { category, phase } });
    expect(outcome).not.toHaveProperty('failure.bounceClass');
  }
});

it.each([
  ['EHLO that is never answered', 'EHLO', () => new Promise<undefined>(() => undefined), 'timeout'],
  ['an answer to EHLO without end', 'EHLO', () => `250-${'x'.repeat(2_000_000)}`, 'protocol'],
])('%s ends with the time for connecting', async (_name, verb, answer, category) => {
  const script = (step: SmtpStep) => (step.verb === verb ? answer() : undefined);
  const { transport } = await openAccount({ script }, { connectionTimeoutMs: 200 });
  expect(await sendOne(transport, emailEnvelope())).toMatchObject({
    status: 'refused',
    retryable: true,
    failure: { category, phase: 'greeting' },
  });
});

it.each([
  ['192.0.2.1', '[192.0.2.1]'],
  ['2001:db8::1', '[IPv6:2001:db8::1]'],
  ['salon.blåbær.example', 'salon.xn--blbr-roah.example'],
])('we call ourselves %s as EHLO wants it', async (name, said) => {
  const { transport, server } = await openAccount({}, { name });
  await sendOne(transport, emailEnvelope());
  expect(server.steps.find(({ verb }) => verb === 'EHLO')?.line).toBe(`EHLO ${said}`);
});

it('a slow greeting is waited for', async () => {
  const script = ({ verb }: SmtpStep) =>
    verb === 'CONNECT' ? new Promise<undefined>((go) => setTimeout(go, 300, undefined)) : undefined;
  const { transport } = await openAccount({ script });
  expect(await sendOne(transport, emailEnvelope())).toMatchObject({ status: 'accepted' });
});

it('a login that is never answered ends with the time for connecting', async () => {
  const script = ({ verb }: SmtpStep) =>
    verb === 'AUTH' ? new Promise<undefined>(() => undefined) : undefined;
  const account = { username: 'anna', password: 'secret', connectionTimeoutMs: 200 };
  const { transport } = await openAccount({ script, users: { anna: 'secret' } }, account);
  expect(await sendOne(transport, emailEnvelope())).toMatchObject({
    status: 'refused',
    retryable: true,
    failure: { category: 'timeout', phase: 'auth' },
  });
});

it('an abort while connecting frees everybody who waits, and the next batch goes out', async () => {
  let greet = false;
  const script = ({ verb }: SmtpStep) =>
    verb === 'CONNECT' && !greet ? new Promise<undefined>(() => undefined) : undefined;
  const { transport, server } = await openAccount({ script });
  const stop = new AbortController();
  const sending = send(transport, batchOf(5), stop.signal);
  while (server.open === 0) await new Promise((resolve) => setImmediate(resolve));
  stop.abort();
  for (const outcome of (await sending).values()) {
    expect(outcome).toMatchObject({ status: 'refused', retryable: true, failure: { category: 'other' } });
  }
  greet = true;
  expect(await sendOne(transport, emailEnvelope())).toMatchObject({ status: 'accepted' });
});

it('closing says QUIT and leaves no connection behind', async () => {
  const { transport, server } = await openAccount();
  await send(transport, batchOf(10));
  await transport.close();
  expect(verbs(server.steps, 'QUIT')).toBe(verbs(server.steps, 'CONNECT'));
  await expect.poll(() => server.open).toBe(0);
});

it('a server that says goodbye with its greeting is not called again and again', async () => {
  let connections = 0;
  const { key, cert, authority: ca } = loopbackCertificate;
  const server = createServer({ key, cert }, (socket) => {
    connections += 1;
    socket.on('error', () => undefined).write('220 test\r\n');
    socket.once('data', () => socket.end(connections < 20 ? '250 test\r\n' : '554 Enough\r\n'));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  const { port } = server.address() as AddressInfo;
  const transport = accountOn(port, { host: 'localhost', security: 'tls', tls: { ca } });
  expect(await sendOne(transport, emailEnvelope())).toMatchObject({ status: 'refused', retryable: true });
  expect(connections).toBe(1);
});
