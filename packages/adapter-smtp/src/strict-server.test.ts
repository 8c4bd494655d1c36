import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { emailEnvelope, loopbackCertificate } from '@posthorn/testing';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';
import { expect, it, onTestFinished } from 'vitest';
import { accountOn, send } from './account.test-kit.ts';

const refusal = (responseCode: number, message: string) =>
  Object.assign(new Error(message), { responseCode });

/** A server of somebody else's making: AUTH over STARTTLS only, and a mind of its own about recipients. */
async function strictServer() {
  const busy = new Map<string, number>();
  const taken: string[] = [];
  const onRcptTo: SMTPServerOptions['onRcptTo'] = ({ address }, _session, done) => {
    const tries = (busy.get(address) ?? 0) + 1;
    busy.set(address, tries);
    if (address.startsWith('busy') && tries <= 2) return done(refusal(450, '4.2.1 Busy'));
    if (address.startsWith('gone')) return done(refusal(550, '5.1.1 No such user'));
    if (address.startsWith('full')) return done(refusal(552, '5.2.2 Mailbox full'));
    if (address.startsWith('blocked')) return done(refusal(554, '5.7.1 Refused'));
    if (address.startsWith('closing')) return done(refusal(421, '4.3.2 Shutting down'));
    return done();
  };
  const server = new SMTPServer({
    key: loopbackCertificate.key,
    cert: loopbackCertificate.cert,
    authMethods: ['LOGIN'],
    onAuth: ({ username, password }, _session, done) =>
      username === 'anna' && password === 'secret'
        ? done(null, { user: username })
        : done(refusal(535, '5.7.8 Wrong')),
    onRcptTo,
    onData(stream, { envelope }, done) {
      const address = envelope.rcptTo[0]?.address ?? '';
      if (address.startsWith('cut')) return void stream.once('data', () => server.connections.forEach(cut));
      stream.resume().once('end', () => {
        taken.push(address);
        done(null, 'queued');
      });
    },
  });
  server.on('error', () => undefined);
  server.listen(0, '127.0.0.1');
  await once(server.server, 'listening');
  onTestFinished(() => new Promise((resolve) => server.close(() => resolve())));
  return { port: (server.server.address() as AddressInfo).port, taken };
}

function cut(connection: { close(): void }): void {
  connection.close();
}

it('keeps the table of outcomes with a strict server over STARTTLS', async () => {
  const { port, taken } = await strictServer();
  const transport = accountOn(port, {
    host: 'localhost',
    security: 'starttls',
    username: 'anna',
    password: 'secret',
    maxConnections: 1,
    tls: { ca: loopbackCertificate.authority },
  });
  onTestFinished(() => transport.close());
  const envelopes = ['busy', 'here', 'gone', 'full', 'blocked', 'closing', 'cut'].map((name) =>
    emailEnvelope({ to: { address: `${name}@customers.example` } }),
  );
  const outcomes = await send(transport, envelopes);
  expect(envelopes.map(({ messageId }) => outcomes.get(messageId))).toMatchObject([
    { status: 'refused', retryable: true, failure: { phase: 'rcpt', reply: { code: 450 } } },
    { status: 'accepted', reply: { code: 250 } },
    {
      status: 'refused',
      retryable: false,
      failure: { bounceClass: 'hard', category: 'unknown_mailbox', fault: 'recipient' },
    },
    {
      status: 'refused',
      retryable: false,
      failure: { bounceClass: 'soft', category: 'mailbox_full', fault: 'recipient' },
    },
    {
      status: 'refused',
      retryable: false,
      failure: { bounceClass: 'blocked', category: 'policy', fault: 'sender' },
    },
    { status: 'refused', retryable: true, failure: { category: 'server_error', reply: { code: 421 } } },
    { status: 'unknown', failure: { category: 'connection' } },
  ]);
  const [busy] = envelopes;
  if (busy !== undefined) {
    expect((await send(transport, [busy])).get(busy.messageId)).toMatchObject({
      status: 'refused',
      retryable: true,
    });
    expect((await send(transport, [busy])).get(busy.messageId)).toMatchObject({ status: 'accepted' });
  }
  expect(taken).toEqual(['here@customers.example', 'busy@customers.example']);
});
