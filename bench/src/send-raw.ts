import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { createTransport } from 'nodemailer';
import { mailsFor, type SendJob } from './outgoing.ts';
import { readJob, report } from './run-apart.ts';
import { startStopwatch } from './stopwatch.ts';

/*
 * The limit: ready bytes over bare sockets, with a message's end and the next one's MAIL, RCPT and DATA in one piece, as
 * RFC 2920 section 3.1 allows. It says what the wire and the sink would bear.
 */
const CONNECTIONS = 5;
const NEXT = Buffer.from('MAIL FROM:<b@example.com>\r\nRCPT TO:<a@example.net>\r\nDATA\r\n');

const { port, warmUp, mails } = readJob<SendJob>();
const body = await readyBytes();
const bodyAndNext = Buffer.concat([body, NEXT]);

async function readyBytes(): Promise<Buffer> {
  const composer = createTransport({ streamTransport: true, buffer: true, newline: 'windows' });
  const { message } = await composer.sendMail(mailsFor(1, 1)[0] ?? {});
  if (!Buffer.isBuffer(message)) throw new Error('The mail was not built.');
  return Buffer.concat([message, Buffer.from('\r\n.\r\n')]);
}

/** One connection's share, a mail after the other. */
function sendAll(socket: Socket, count: number): Promise<void> {
  let left = count;
  return new Promise((resolve, reject) => {
    const hear = (replies: Buffer): void => {
      const text = replies.toString('latin1');
      if (/^[45]/m.test(text)) reject(new Error(text));
      if (left > 0 && text.includes('354')) {
        left -= 1;
        socket.write(left === 0 ? body : bodyAndNext);
      } else if (left === 0) {
        socket.off('data', hear);
        resolve();
      }
    };
    socket.on('data', hear);
    socket.write(NEXT);
  });
}

const sockets = await Promise.all(
  Array.from({ length: CONNECTIONS }, async () => {
    const socket = connect(port, '127.0.0.1');
    socket.setNoDelay(true);
    await once(socket, 'data');
    socket.write('EHLO example.com\r\n');
    await once(socket, 'data');
    return socket;
  }),
);
const share = (count: number): number => count / CONNECTIONS;
await Promise.all(sockets.map((socket) => sendAll(socket, share(warmUp))));
const stop = startStopwatch();
await Promise.all(sockets.map((socket) => sendAll(socket, share(mails))));
report(stop());
for (const socket of sockets) socket.end('QUIT\r\n');
