import { createServer } from 'node:http';
import type { Socket } from 'node:net';
import { loopbackCertificate } from '@posthorn/testing';
import { describe, expect, it } from 'vitest';
import { afterRequest, LARGE, open, post, serve, serveRaw, serveTls } from './server.test-kit.ts';

const refused = (category: string, phase: string) => ({
  status: 'failed',
  outcome: { status: 'refused', retryable: true, failure: { category, fault: 'network', phase } },
});
const inDoubt = (category: string) => ({
  status: 'failed',
  outcome: { status: 'unknown', failure: { category, fault: 'network', phase: 'after_body' } },
});

describe('is certainly not sent, and may be tried again', () => {
  it('where nobody listens', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const { port } = server.address() as { port: number };
    await new Promise((resolve) => server.close(resolve));
    expect(await open(`http://127.0.0.1:${port}`).request(post('hej'))).toMatchObject(
      refused('connection', 'connect'),
    );
    expect(await open(`http://localhost:${port}`).request(post('hej'))).toMatchObject(
      refused('connection', 'connect'),
    );
  });

  it('where the name leads nowhere', async () => {
    const reply = await open('https://api.nowhere.invalid').request(post('hej'));
    expect(reply).toMatchObject(refused('name_resolution', 'resolve'));
  });

  it('where the certificate is not trusted, or of another name', async () => {
    const { client, port, sockets } = await serveTls(() => expect.unreachable(), { ca: undefined });
    expect(await client.request(post('hej'))).toMatchObject(refused('tls', 'tls'));
    const trusting = open(`https://localhost:${port}`, { ca: loopbackCertificate.authority });
    const headers = { host: 'api.example.com' };
    expect(await trusting.request({ ...post('hej'), headers })).toMatchObject(refused('tls', 'tls'));
    expect(sockets).toHaveLength(2);
  });

  it('where the other side cuts the handshake, knows no TLS, or says nothing', async () => {
    const cut = await serveRaw((socket) => socket.once('data', () => socket.resetAndDestroy()));
    const plain = await serveRaw((socket) => socket.write('220 smtp.example.com ESMTP\r\n'));
    const silent = await serveRaw((socket) => socket.resume());
    for (const [{ port }, options] of [
      [cut, {}],
      [plain, {}],
      [silent, { connectTimeoutMs: 50 }],
    ] as const) {
      const client = open(`https://localhost:${port}`, options);
      expect(await client.request(post('hej'))).toMatchObject(refused('tls', 'tls'));
    }
  });

  it.each([
    ['http', serve],
    ['https', serveTls],
  ])('where the connection ends in the middle of a large body (%s)', async (_scheme, start) => {
    const { client } = await start((request) => {
      request.once('data', () => request.socket.destroy());
    });
    expect(await client.request(post(LARGE))).toMatchObject(refused('connection', 'body'));
  });

  it.each([
    ['http', serve],
    ['https', serveTls],
  ])('where the server takes no more of a large body (%s)', async (_scheme, start) => {
    const { client } = await start((request) => request.pause(), { replyTimeoutMs: 50 });
    expect(await client.request(post(LARGE))).toMatchObject(refused('timeout', 'body'));
  });
});

describe('may have been sent, and nobody can say', () => {
  it.each([
    ['resets', (socket: Socket) => socket.resetAndDestroy(), 'connection'],
    ['hangs up', (socket: Socket) => socket.end(), 'connection'],
    [
      'hangs up in the middle of its headers',
      (socket: Socket) => socket.end('HTTP/1.1 202 Acc'),
      'connection',
    ],
    ['answers in no HTTP', (socket: Socket) => socket.write('250 OK queued\r\n'), 'protocol'],
    [
      'says endless headers',
      (socket: Socket) => socket.write(`HTTP/1.1 200 OK\r\nx: ${'x'.repeat(100_000)}\r\n`),
      'protocol',
    ],
    [
      'talks of other protocols',
      (socket: Socket) =>
        socket.write('HTTP/1.1 101 Switching Protocols\r\nUpgrade: h2c\r\nConnection: Upgrade\r\n\r\n'),
      'connection',
    ],
  ])('where the server has got it and %s', async (_case, act, category) => {
    const { client } = await serveRaw(afterRequest('hej', act));
    expect(await client.request(post('hej'))).toMatchObject(inDoubt(category));
  });

  it.each([
    ['http', serve],
    ['https', serveTls],
  ])('where the server has got it and says nothing (%s)', async (_scheme, start) => {
    const { client } = await start(() => undefined, { replyTimeoutMs: 100 });
    expect(await client.request(post('hej'))).toMatchObject(inDoubt('timeout'));
  });
});

describe('refuses what cannot be written', () => {
  it.each([
    ['a line break in a header', { headers: { 'x-subject': 'a\r\nBcc: x' } }],
    ['a null in a header', { headers: { 'x-subject': 'a\0' } }],
    ['a letter that no header has', { headers: { 'x-subject': '🎉' } }],
    ['a header with a blank in its name', { headers: { 'x subject': 'a' } }],
    ['a line break in the path', { path: '/x HTTP/1.1\r\nHost: evil.test\r\n\r\n' }],
    ['a blank in the path', { path: '/a b' }],
    ['another server as path', { path: 'http://evil.test/' }],
    ['no path', { path: '' }],
    ['a line break in the method', { method: 'GET / HTTP/1.1\r\n' }],
  ])('%s: at no attempt, and nobody is asked', async (_case, change) => {
    const { client, sockets } = await serve(() => expect.unreachable());
    expect(await client.request({ ...post('hej'), ...change })).toMatchObject({
      status: 'failed',
      outcome: { status: 'refused', retryable: false, failure: { category: 'bad_request' } },
    });
    expect(sockets).toEqual([]);
  });

  it.each([
    'http://api.sendgrid.com',
    'http://127.evil.test',
    'http://localhost.evil.test',
    'https://anna:secret@api.example.com',
    'https://api.example.com/v3',
    'https://api.example.com/?x=1',
    'ftp://localhost',
    'api.example.com',
    '',
    undefined,
  ])('a base URL such as %j', (baseUrl) => {
    expect(() => open(baseUrl as string)).toThrow(
      expect.objectContaining({ code: 'invalid_input', path: 'baseUrl', advice: expect.any(String) }),
    );
  });
});
