import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';

/*
 * SendGrid and Twilio in one, in a process of its own: takes everything, counts messages and keeps none. It looks for no more
 * than it has to count, as it must not be what a figure measures. Its argument is `tls` or `plain`.
 */
const RECIPIENT = Buffer.from('"to":[');

/** Messages taken, on all connections. */
let count = 0;

const listen: RequestListener = (request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => answer(request, response, Buffer.concat(chunks)));
};

function answer({ url = '' }: IncomingMessage, response: ServerResponse, body: Buffer): void {
  if (url.startsWith('/v3/mail/send')) {
    count += countOf(body);
    response.writeHead(202, { 'x-message-id': `sink-${count}`, 'content-length': 0 }).end();
    return;
  }
  count += 1;
  const sid = `SM${count.toString(16).padStart(32, '0')}`;
  const reply = JSON.stringify({ sid, status: 'queued', num_segments: '1', error_code: null });
  response
    .writeHead(201, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(reply) })
    .end(reply);
}

/** For this benchmark only; the key is public and protects nothing. */
function read(file: string): Buffer {
  return readFileSync(new URL(file, import.meta.url));
}

function countOf(body: Buffer): number {
  let found = 0;
  for (let at = body.indexOf(RECIPIENT); at >= 0; at = body.indexOf(RECIPIENT, at + 1)) found += 1;
  return found;
}

const server =
  process.argv[2] === 'tls'
    ? createTlsServer({ cert: read('loopback-cert.pem'), key: read('loopback-key.pem') }, listen)
    : createServer(listen);
server.keepAliveTimeout = 60_000;
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  if (address !== null && typeof address === 'object') process.send?.({ port: address.port });
});
process.on('message', () => process.send?.({ count }));
process.on('disconnect', () => process.exit());
