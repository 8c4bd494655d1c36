import { createServer, type Socket } from 'node:net';

/*
 * A mail server in a process of its own that takes everything, counts messages and keeps none. It announces PIPELINING,
 * answers what came in one piece in one piece, and looks for the end of a message with `Buffer.indexOf`: it must not be
 * what a figure measures. Its argument is the round trip that it simulates, in ms: every reply leaves that much later.
 */
const roundTripMs = Number(process.argv[2] ?? 0);

const END = Buffer.from('\r\n.\r\n');
const GREETING = '220 sink.example.com ESMTP\r\n';
const EHLO =
  '250-sink.example.com\r\n250-PIPELINING\r\n250-8BITMIME\r\n250-SMTPUTF8\r\n250 SIZE 50000000\r\n';
const OK = '250 2.0.0 Ok\r\n';
const GO_AHEAD = '354 Go ahead\r\n';
const BYE = '221 2.0.0 Bye\r\n';

/** Messages taken, on all connections. */
let count = 0;

function converse(socket: Socket): void {
  /** What is left of a command, or the last bytes of a message, in which its end may have begun. */
  let rest: Buffer = Buffer.alloc(0);
  let inMessage = false;

  const write = (reply: string): unknown => (reply.endsWith(BYE) ? socket.end(reply) : socket.write(reply));
  const say = (reply: string): void => {
    if (roundTripMs === 0) write(reply);
    else setTimeout(write, roundTripMs, reply);
  };

  socket.setNoDelay(true);
  socket.on('error', () => socket.destroy());
  socket.on('data', (chunk) => {
    const bytes = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    let replies = '';
    let at = 0;
    while (at < bytes.length) {
      if (inMessage) {
        const end = bytes.indexOf(END, at);
        if (end < 0) {
          at = Math.max(at, bytes.length - END.length + 1);
          break;
        }
        count += 1;
        inMessage = false;
        replies += OK;
        at = end + END.length;
        continue;
      }
      const lineEnd = bytes.indexOf('\r\n', at);
      if (lineEnd < 0) break;
      const reply = answer(bytes.toString('latin1', at, at + 4).toUpperCase());
      replies += reply;
      inMessage = reply === GO_AHEAD;
      // The line break before the data may be the first half of its end: an empty message is a dot alone.
      at = inMessage ? lineEnd : lineEnd + 2;
    }
    rest = bytes.subarray(at);
    if (replies !== '') say(replies);
  });
  say(GREETING);
}

function answer(command: string): string {
  if (command === 'EHLO') return EHLO;
  if (command === 'DATA') return GO_AHEAD;
  if (command === 'QUIT') return BYE;
  return OK;
}

const server = createServer(converse).listen(0, '127.0.0.1', () => {
  const address = server.address();
  if (address !== null && typeof address === 'object') process.send?.({ port: address.port });
});
process.on('message', () => process.send?.({ count }));
process.on('disconnect', () => process.exit());
