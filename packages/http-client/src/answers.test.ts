import { once } from 'node:events';
import { expect, it } from 'vitest';
import { afterRequest, LARGE, post, serve, serveRaw, serveTls } from './server.test-kit.ts';

const OK = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nOK';

it.each([
  ['http', serve],
  ['https', serveTls],
])('sends a request with its length and gives the answer (%s)', async (_scheme, start) => {
  const { client } = await start(async (request, response) => {
    request.setEncoding('utf8');
    let body = '';
    for await (const chunk of request) body += chunk;
    const { method, url, headers } = request;
    response.setHeader('X-Message-Id', 'abc').setHeader('set-cookie', ['a=1', 'b=2']);
    response.writeHead(202).end(JSON.stringify({ method, url, headers, body }));
  });
  const reply = await client.request(post('Grød på Ærø 🎉'));
  expect(reply).toMatchObject({ status: 'answered', code: 202, isComplete: true, isRequestWhole: true });
  if (reply.status !== 'answered') return;
  expect(reply.headers).toMatchObject({ 'x-message-id': 'abc' });
  expect(reply.headers).not.toHaveProperty('set-cookie');
  const seen = JSON.parse(reply.body);
  expect(seen).toMatchObject({ method: 'POST', url: '/v1/messages?x=1', body: 'Grød på Ærø 🎉' });
  expect(seen.headers).toMatchObject({ 'content-length': '20', 'content-type': 'text/plain' });
  expect(seen.headers).not.toHaveProperty('transfer-encoding');
  expect(seen.headers).not.toHaveProperty('accept-encoding');
});

it('sends bytes as they are, an empty body with its length, and a GET with none', async () => {
  const { client } = await serve(async (request, response) => {
    const chunks = await request.toArray();
    const { 'content-length': length = 'none', 'transfer-encoding': coding = 'none' } = request.headers;
    response.end(`${length} ${coding} ${Buffer.concat(chunks).toString('hex')}`);
  });
  const told = async (asked: Parameters<typeof client.request>[0]) => {
    const reply = await client.request(asked);
    return reply.status === 'answered' ? reply.body : reply;
  };
  expect(await told(post(Uint8Array.of(0, 255, 13, 10)))).toBe('4 none 00ff0d0a');
  expect(await told(post(''))).toBe('0 none ');
  expect(await told({ method: 'POST', path: '/' })).toBe('0 none ');
  expect(await told({ method: 'GET', path: '/' })).toBe('none none ');
});

it.each([
  ['no body', 'HTTP/1.1 204 No Content\r\n\r\n', 204, ''],
  ['a length', 'HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabc', 200, 'abc'],
  [
    'chunks and trailers',
    'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n2\r\nbc\r\n0\r\nX-T: 1\r\n\r\n',
    200,
    'abc',
  ],
  ['the end of the connection', 'HTTP/1.0 200 OK\r\n\r\nabc', 200, 'abc'],
  ['words of passage', `HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\n\r\n${OK}`, 200, 'OK'],
  ['a redirect', 'HTTP/1.1 301 Gone\r\nLocation: http://evil.test/\r\nContent-Length: 0\r\n\r\n', 301, ''],
  ['a code nobody knows', 'HTTP/1.1 799 What\r\nContent-Length: 0\r\n\r\n', 799, ''],
])('takes an answer with %s', async (_case, answer, code, body) => {
  const start = afterRequest('hej', (socket) => {
    socket.write(answer);
    if (answer.startsWith('HTTP/1.0')) socket.end();
  });
  const { client } = await serveRaw(start);
  expect(await client.request(post('hej'))).toMatchObject({
    status: 'answered',
    code,
    body,
    isComplete: true,
  });
});

it('puts an answer together from whatever pieces it comes in', async () => {
  const answer = Buffer.from(`HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 8\r\n\r\n🎉æø`);
  const start = afterRequest('hej', (socket) => {
    socket.setNoDelay(true);
    for (const byte of answer) socket.write(Uint8Array.of(byte));
  });
  const { client } = await serveRaw(start);
  expect(await client.request(post('hej'))).toMatchObject({ body: '🎉æø', isComplete: true });
});

it.each([
  ['has less than it said', 'HTTP/1.1 202 Accepted\r\nContent-Length: 99\r\n\r\nhalf'],
  ['ends within its chunks', 'HTTP/1.1 202 Accepted\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n'],
])('knows the code of an answer that %s, and that it is not whole', async (_case, answer) => {
  const { client } = await serveRaw(afterRequest('hej', (socket) => socket.end(answer)));
  expect(await client.request(post('hej'))).toMatchObject({
    status: 'answered',
    code: 202,
    body: 'half',
    isComplete: false,
  });
});

it('has enough of an answer that does not end in time, or is too long', async () => {
  const { client } = await serveRaw(
    afterRequest('hej', (socket) => socket.write('HTTP/1.1 202 Accepted\r\nContent-Length: 99\r\n\r\nhalf')),
    { replyTimeoutMs: 50 },
  );
  expect(await client.request(post('hej'))).toMatchObject({ code: 202, body: 'half', isComplete: false });

  const endless = await serve(
    async (_request, response) => {
      while (!response.destroyed) if (!response.write('x'.repeat(10_000))) await once(response, 'drain');
    },
    { maxReplyBytes: 100_000 },
  );
  const reply = await endless.client.request(post('hej'));
  expect(reply).toMatchObject({ status: 'answered', code: 200, isComplete: false });
  expect(reply.status === 'answered' && reply.body.length).toBeLessThanOrEqual(100_000);
});

it.each([
  [401, serve],
  [413, serveTls],
])('takes %i for an answer, though the server has not read the request', async (code, start) => {
  const { client, sockets } = await start((_request, response) => {
    response.writeHead(code, { 'content-length': 2 }).end('no');
  });
  const reply = await client.request(post(LARGE));
  expect(reply).toMatchObject({ code, body: 'no', isComplete: true, isRequestWhole: false });
  // The rest is not sent, and nothing else on that connection.
  expect(await client.request(post('hej'))).toMatchObject({ code });
  expect(sockets).toHaveLength(2);
});
