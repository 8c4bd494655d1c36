import { createServer, type Socket } from 'node:net';

/*
 * A mail server in a process of its own that takes everything, and tells its parent when it saw the command DATA of a mail
 * to somebody at the watched domain, its argument. By the monotonic clock, which all processes of a machine share.
 */
const watched = `@${process.argv[2]}>`;

const REPLIES: Readonly<Record<string, string>> = {
  EHLO: '250-server.example.com\r\n250-PIPELINING\r\n250-8BITMIME\r\n250-SMTPUTF8\r\n250 SIZE 50000000\r\n',
  DATA: '354 Go ahead\r\n',
  QUIT: '221 2.0.0 Bye\r\n',
};
const OK = '250 2.0.0 Ok\r\n';

/** When the server saw DATA. */
export interface Stamp {
  readonly to: string;
  /** As `process.hrtime.bigint()`, in ns. */
  readonly at: string;
}

function converse(socket: Socket): void {
  let rest = '';
  let recipient = '';
  let inMessage = false;
  socket.setNoDelay(true);
  socket.on('error', () => socket.destroy());
  socket.on('data', (chunk) => {
    rest += chunk.toString('latin1');
    let replies = '';
    for (;;) {
      const end = rest.indexOf(inMessage ? '\r\n.\r\n' : '\r\n');
      if (end < 0) break;
      const line = rest.slice(0, end);
      rest = rest.slice(end + (inMessage ? 5 : 2));
      if (inMessage) {
        inMessage = false;
        replies += OK;
        continue;
      }
      const command = line.slice(0, 4).toUpperCase();
      if (command === 'RCPT') recipient = line.slice(line.indexOf('<') + 1);
      if (command === 'DATA') stamp(recipient);
      inMessage = command === 'DATA';
      replies += REPLIES[command] ?? OK;
    }
    if (replies !== '') socket.write(replies);
  });
  socket.write('220 server.example.com ESMTP\r\n');
}

function stamp(recipient: string): void {
  const at = process.hrtime.bigint();
  const end = recipient.indexOf(watched);
  if (end >= 0) process.send?.({ to: recipient.slice(0, end), at: String(at) } satisfies Stamp);
}

const server = createServer(converse).listen(0, '127.0.0.1', () => {
  const address = server.address();
  if (address !== null && typeof address === 'object') process.send?.({ port: address.port });
});
process.on('disconnect', () => process.exit());
