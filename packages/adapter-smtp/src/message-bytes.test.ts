import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { loopbackCertificate, type SmtpStep, startSmtpTestServer } from '@posthorn/testing';
import { SMTPServer } from 'smtp-server';
import { expect, it, onTestFinished } from 'vitest';
import { openSession } from './open-session.ts';
import type { Session } from './session.ts';
import { smtpSettings } from './settings.ts';

const never = new AbortController().signal;
const notPassedOn = () => false;
const from = 'hello@salon.example';
const to = 'anna@customers.example';
const messageOf = (bytes: Buffer) => ({ from, to, international: null, bytes });

async function sessionOn(port: number, security: 'none' | 'starttls'): Promise<Session> {
  const tls = { ca: loopbackCertificate.authority };
  const settings = smtpSettings.parse({ host: 'localhost', port, security, tls, authentication: 'none' });
  const opened = await openSession(settings, never);
  if ('failure' in opened) throw new Error(JSON.stringify(opened.failure));
  onTestFinished(() => opened.session.close());
  return opened.session;
}

interface Keeper {
  readonly port: number;
  /** The messages that came. */
  readonly kept: readonly Buffer[];
}

/** Takes a dot from every line that begins with one. */
async function strictKeeper(): Promise<Keeper> {
  const server = await startSmtpTestServer({ tls: loopbackCertificate });
  onTestFinished(() => server.close());
  return {
    port: server.port,
    get kept() {
      return server.taken.map(({ content }) => content);
    },
  };
}

/** Somebody else's server. */
async function foreignKeeper(): Promise<Keeper> {
  const kept: Buffer[] = [];
  const server = new SMTPServer({
    key: loopbackCertificate.key,
    cert: loopbackCertificate.cert,
    authOptional: true,
    async onData(stream, _session, done) {
      const chunks: Buffer[] = [];
      for await (const chunk of stream) chunks.push(chunk);
      kept.push(Buffer.concat(chunks));
      done();
    },
  });
  server.on('error', () => undefined).listen(0, '127.0.0.1');
  await once(server.server, 'listening');
  onTestFinished(() => new Promise((resolve) => server.close(() => resolve())));
  return { port: (server.server.address() as AddressInfo).port, kept };
}

const dotty = '.\r\n..\r\n.a\r\n\r\n.\r\n..b\r\nc.\r\n';
/** Sixty-four bytes: wherever a large message is cut in two, a line may begin there. */
const dotLine = `.${'x'.repeat(61)}\r\n`;
const MESSAGES: readonly (readonly [string, Buffer])[] = [
  ['dots at the beginnings of lines', Buffer.from(`.Subject: dots\r\n\r\n${dotty}`)],
  ['what looks like the end of it', Buffer.from('Subject: end\r\n\r\n.\r\nRSET\r\n.\r\nQUIT\r\n')],
  ['a dot before every line of many', Buffer.from(dotLine.repeat(3000))],
  ['8-bit text', Buffer.from('Subject: grüß\r\n\r\n.grüß\r\n')],
  ['half a megabyte', Buffer.from(`Subject: large\r\n\r\n${`${dotty}${'.x'.repeat(400)}\r\n`.repeat(600)}`)],
];

for (const security of ['none', 'starttls'] as const) {
  it.each(MESSAGES)(`security ${security}: a message with %s arrives byte for byte`, async (_what, bytes) => {
    for (const keeper of [await strictKeeper(), await foreignKeeper()]) {
      const session = await sessionOn(keeper.port, security);
      for (let time = 1; time <= 2; time += 1)
        expect(await session.deliver(messageOf(bytes), never, notPassedOn)).toMatchObject({
          outcome: { status: 'accepted' },
        });
      expect(keeper.kept.map((content) => content.equals(bytes))).toEqual([true, true]);
    }
  });
}

it('a message that is stopped half way is in doubt, and never comes to its end', async () => {
  const stop = new AbortController();
  const script = ({ verb }: SmtpStep) => {
    if (verb === 'BODY') stop.abort();
    return undefined;
  };
  const server = await startSmtpTestServer({ script });
  onTestFinished(() => server.close());
  const session = await sessionOn(server.port, 'none');
  const delivery = await session.deliver(messageOf(Buffer.alloc(20_000_000, 'x')), stop.signal, notPassedOn);
  expect(delivery).toMatchObject({ outcome: { status: 'unknown' }, session: 'spent' });
  await expect.poll(() => server.open).toBe(0);
  expect(server.received).toHaveLength(0);
});

it('a message that is stopped before it begins costs no connection', async () => {
  const server = await startSmtpTestServer();
  onTestFinished(() => server.close());
  const session = await sessionOn(server.port, 'none');
  const message = messageOf(Buffer.from('Subject: a\r\n\r\nb\r\n'));
  expect(await session.deliver(message, AbortSignal.abort(), notPassedOn)).toMatchObject({
    outcome: { status: 'refused', retryable: true },
  });
  expect(await session.deliver(message, never, notPassedOn)).toMatchObject({
    outcome: { status: 'accepted' },
  });
  expect(server.steps.filter(({ verb }) => verb === 'MAIL')).toHaveLength(1);
});
