import { once } from 'node:events';
import type { Socket } from 'node:net';
import { setImmediate } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { afterRequest, LARGE, open, post, serve, serveRaw, serveTls } from './server.test-kit.ts';

const OK = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nOK';

/** As after a while. */
function later(): void {
  const now = performance.now() + 1000;
  vi.spyOn(performance, 'now').mockReturnValue(now);
}

describe('connections', () => {
  it.each([
    ['http', serve],
    ['https', serveTls],
  ])('serve a hundred requests at once, and are no more than allowed (%s)', async (_scheme, start) => {
    const { client, sockets } = await start(
      async (request, response) => response.end(Buffer.concat(await request.toArray())),
      { maxConnections: 3 },
    );
    const signal = new AbortController().signal;
    const all = await Promise.all(
      Array.from({ length: 100 }, async (_, index) => [
        `${index}`,
        await client.request(post(`${index}`, signal)),
      ]),
    );
    for (const [index, reply] of all) expect(reply).toMatchObject({ code: 200, body: index });
    expect(sockets).toHaveLength(3);
  });

  it('end where the server says so, or will end them soon', async () => {
    for (const headers of [{ connection: 'close' }, { 'keep-alive': 'timeout=1' }]) {
      const { client, sockets } = await serve((_request, response) => response.writeHead(200, headers).end());
      for (const body of ['a', 'b']) expect(await client.request(post(body))).toMatchObject({ code: 200 });
      expect(sockets).toHaveLength(2);
    }
  });

  it('end before a server does that says when', async () => {
    const { client, sockets } = await serveRaw(
      afterRequest('hej', (socket) => socket.write(OK.replace('\r\n', '\r\nKeep-Alive: timeout=2\r\n'))),
    );
    expect(await client.request(post('hej'))).toMatchObject({ code: 200 });
    await once(sockets[0] as Socket, 'close');
  });

  it('end where anything is said that nobody asked for', async () => {
    const { client, sockets } = await serveRaw(afterRequest('hej', (socket) => socket.write(OK)));
    expect(await client.request(post('hej'))).toMatchObject({ code: 200 });
    const [first] = sockets as [Socket];
    first.write(OK.replace('200', '500'));
    await once(first, 'close');
    expect(await client.request(post('hej'))).toMatchObject({ code: 200 });
    expect(sockets).toHaveLength(2);
  });

  it('end where there are two answers to one request', async () => {
    const { client, sockets } = await serveRaw(
      afterRequest('hej', (socket) => socket.write(OK + OK.replace('200', '500'))),
    );
    for (let request = 0; request < 2; request += 1)
      expect(await client.request(post('hej'))).toMatchObject({ code: 200 });
    expect(sockets).toHaveLength(2);
  });

  it('that the server has ended while they were idle are not used, though nobody has noticed yet', async () => {
    // A server in a thread of its own ends its connections while this thread is busy.
    const gate = new Int32Array(new SharedArrayBuffer(4));
    const code = `
      const { parentPort, workerData: gate } = require('node:worker_threads');
      const sockets = new Set();
      const server = require('node:http').createServer((request, response) => request.resume().on('end', () => response.end('ok')));
      server.on('connection', (socket) => sockets.add(socket));
      server.listen(0, '127.0.0.1', () => parentPort.postMessage(server.address().port));
      parentPort.on('message', () => {
        for (const socket of sockets) socket.destroy();
        setImmediate(() => setImmediate(() => { Atomics.store(gate, 0, 1); Atomics.notify(gate, 0); }));
      });`;
    const worker = new Worker(code, { eval: true, workerData: gate });
    onTestFinished(() => worker.terminate().then(() => undefined));
    const [port] = await once(worker, 'message');
    const client = open(`http://127.0.0.1:${port}`);
    const askThree = () => Promise.all(['a', 'b', 'c'].map((body) => client.request(post(body))));
    await askThree();
    await setImmediate();
    worker.postMessage('end them');
    expect(Atomics.wait(gate, 0, 0, 10_000)).not.toBe('timed-out');
    later();
    for (const reply of await askThree()) expect(reply).toMatchObject({ code: 200, body: 'ok' });
  });

  it('that end under a large body, after they were used, are replaced once', async () => {
    let requests = 0;
    const { client, sockets } = await serve((request, response) => {
      requests += 1;
      if (requests === 2) request.once('data', () => request.socket.destroy());
      else request.resume().on('end', () => response.end('ok'));
    });
    expect(await client.request(post('hej'))).toMatchObject({ code: 200 });
    await setImmediate();
    expect(await client.request(post(LARGE))).toMatchObject({ code: 200, body: 'ok' });
    expect([requests, sockets.length]).toEqual([3, 2]);
  });

  it.each([
    ['http', serve],
    ['https', serveTls],
  ])(
    'are kept after requests without a body, and those are in doubt as others are (%s)',
    async (_s, start) => {
      let heard = 0;
      const { client, sockets } = await start((request, response) => {
        heard += 1;
        if (heard < 4) response.end('ok');
        else request.socket.destroy();
      });
      const get = { method: 'GET', path: '/' };
      for (const asked of [post(''), get, get])
        expect(await client.request(asked)).toMatchObject({ code: 200 });
      expect(sockets).toHaveLength(1);
      for (const asked of [post(''), get])
        expect(await client.request(asked)).toMatchObject({ outcome: { status: 'unknown' } });
      expect(heard).toBe(5);
    },
  );

  it('that end behind a whole request are not: it is in doubt, and sent once', async () => {
    const heard: string[] = [];
    const { client } = await serveRaw((socket) =>
      socket.on('data', (chunk) => {
        heard.push(`${chunk}`);
        if (heard.length === 1) socket.write(OK);
        else socket.destroy();
      }),
    );
    expect(await client.request(post('hej'))).toMatchObject({ code: 200 });
    await setImmediate();
    expect(await client.request(post('hej'))).toMatchObject({ outcome: { status: 'unknown' } });
    expect(heard).toHaveLength(2);
  });
});

describe('a client that is closed', () => {
  it('lets requests end, also those that wait, ends the connections, and refuses what comes later', async () => {
    const held: (() => void)[] = [];
    const { client, sockets } = await serve(
      (request, response) => {
        request.resume();
        held.push(() => response.end('ok'));
        if (held.length === 1) held[0]?.();
        if (held.length >= 3) for (const answer of held) answer();
      },
      { maxConnections: 2 },
    );
    await client.request(post('first'));
    const running = ['a', 'b', 'c'].map((body) => client.request(post(body)));
    const closing = client.close();
    expect(await client.request(post('late'))).toMatchObject({
      status: 'failed',
      outcome: { status: 'refused', retryable: true },
    });
    for (const reply of await Promise.all(running)) expect(reply).toMatchObject({ body: 'ok' });
    await Promise.all([closing, client.close()]);
    await Promise.all(sockets.map((socket) => socket.destroyed || once(socket, 'close')));
  });

  it('has no idle connection left', async () => {
    const { client, sockets } = await serve((_request, response) => response.end());
    await client.request(post('hej'));
    await setImmediate();
    const [socket] = sockets as [Socket];
    const ended = once(socket, 'close');
    await client.close();
    await ended;
  });
});
