import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { setTimeout } from 'node:timers/promises';
import { emailEnvelope, type SmtpStep } from '@posthorn/testing';
import { expect, it, onTestFinished } from 'vitest';
import { accountOn, openAccount, send, sendOne } from './account.test-kit.ts';

const one = { maxConnections: 1 };
const { skeleton } = emailEnvelope();
/** Of one content, so that composing takes no time. */
const to = (name: string) => emailEnvelope({ to: { address: `${name}@customers.example` }, skeleton });
const connects = (steps: readonly SmtpStep[]) => steps.filter(({ verb }) => verb === 'CONNECT').length;

/** A server that has a message on its first connection, and behind it the commands of the next, and answers neither. */
async function silentServer(): Promise<{ port: number; announced: Promise<Socket>; taken: string[] }> {
  const taken: string[] = [];
  const { promise: announced, resolve } = Promise.withResolvers<Socket>();
  let connections = 0;
  const server = createServer((socket) => {
    connections += 1;
    const isFirst = connections === 1;
    let recipient = '';
    socket.on('error', () => undefined).write('220 test\r\n');
    socket.on('data', (chunk) => {
      for (const line of chunk.toString().split('\r\n')) {
        if (line.startsWith('EHLO')) socket.write('250-test\r\n250 PIPELINING\r\n');
        else if (line === '.' && isFirst) return void setImmediate(resolve, socket);
        else if (line === '.') {
          taken.push(recipient);
          socket.write('250 Ok\r\n');
        } else if (line.startsWith('MAIL')) socket.write('250 Ok\r\n');
        else if (line.startsWith('RCPT')) {
          recipient = /<(.*?)@/.exec(line)?.[1] ?? '';
          socket.write('250 Ok\r\n');
        } else if (line === 'DATA') socket.write('354 Go ahead\r\n');
        else if (line === 'QUIT') socket.end('221 Bye\r\n');
      }
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  return { port: (server.address() as AddressInfo).port, announced, taken };
}

it.each([
  ['taken', '250 2.0.0 Ok\r\n', 'accepted'],
  ['refused', '550 5.1.1 No such user\r\n', 'refused'],
])('who stops a message leaves the one before it alone: that is %s', async (_what, answer, status) => {
  const { port, announced, taken } = await silentServer();
  const transport = accountOn(port, one);
  const stop = new AbortController();
  const [anna, bo, cleo] = [to('anna'), to('bo'), to('cleo')];
  const first = sendOne(transport, anna);
  const second = sendOne(transport, bo, stop.signal);
  const third = sendOne(transport, cleo);
  const socket = await announced;
  stop.abort();
  expect(await second).toMatchObject({ status: 'refused', retryable: true, failure: { category: 'other' } });
  socket.write(`${answer}250 Ok\r\n250 Ok\r\n354 Go ahead\r\n`);
  expect(await first).toMatchObject({ status });
  expect(await third).toMatchObject({ status: 'accepted' });
  await transport.close();
  expect(taken).toEqual(['cleo']);
});

it.each([
  ['one message', 1, 'MAIL RCPT DATA'],
  ['the last answer and what was announced behind it', 2, 'MESSAGE MAIL'],
])('every answer has the whole time for itself: %s', async (_what, messages, slow) => {
  const script = ({ verb }: SmtpStep) => (slow.includes(verb) ? setTimeout(600, undefined) : undefined);
  const { transport, server } = await openAccount({ script }, { ...one, replyTimeoutMs: 1000 });
  const batch = Array.from({ length: messages }, (_, index) => to(`to-${index}`));
  const outcomes = await send(transport, batch);
  expect([...outcomes.values()].map(({ status }) => status)).toEqual(Array(messages).fill('accepted'));
  expect(connects(server.steps)).toBe(1);
});

it('a message that is stopped takes the connection along, and what was announced behind it goes over another', async () => {
  const { port, announced, taken } = await silentServer();
  const transport = accountOn(port, one);
  const stop = new AbortController();
  const first = sendOne(transport, to('anna'), stop.signal);
  const second = sendOne(transport, to('bo'));
  const socket = await announced;
  stop.abort();
  socket.write('550 5.1.1 No such user\r\n');
  expect(await first).toMatchObject({ status: 'unknown' });
  expect(await second).toMatchObject({ status: 'accepted' });
  await transport.close();
  expect(taken).toEqual(['bo']);
});

it('an answer that is none takes the connection along, and what was announced behind it goes over another', async () => {
  const { port, announced, taken } = await silentServer();
  const transport = accountOn(port, one);
  const first = sendOne(transport, to('anna'));
  const second = sendOne(transport, to('bo'));
  (await announced).write('moo\r\n550 5.1.1 No such user\r\n503 What?\r\n503 What?\r\n');
  expect(await first).toMatchObject({ status: 'unknown' });
  expect(await second).toMatchObject({ status: 'accepted' });
  await transport.close();
  expect(taken).toEqual(['bo']);
});

it('a message that is too large, or cannot be built, is refused while the one before it is on its way', async () => {
  const { port, announced, taken } = await silentServer();
  const transport = accountOn(port, one);
  const first = sendOne(transport, to('anna'));
  const hostile = emailEnvelope({ to: { address: 'a@b.example>' }, skeleton });
  const second = sendOne(transport, hostile);
  const third = sendOne(transport, emailEnvelope({ attachments: [null as never] }));
  const fourth = sendOne(transport, to('bo'));
  const socket = await announced;
  expect(await second).toMatchObject({ status: 'refused', retryable: false });
  socket.write('250 Ok\r\n');
  expect(await first).toMatchObject({ status: 'accepted' });
  expect(await third).toMatchObject({ status: 'refused', failure: { category: 'other' } });
  socket.destroy();
  expect(await fourth).toMatchObject({ status: 'accepted' });
  await transport.close();
  expect(taken).toEqual(['bo']);
});
