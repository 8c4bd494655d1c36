import { getEventListeners, once } from 'node:events';
import { setImmediate } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { LARGE, post, serve, serveTls } from './server.test-kit.ts';

const stopped = (status: string) => ({
  status: 'failed',
  outcome: { status, failure: { category: 'other', fault: 'nobody' } },
});

describe('a signal', () => {
  it('that is aborted before asks nobody', async () => {
    const { client, sockets } = await serve(() => expect.unreachable());
    expect(await client.request(post('hej', AbortSignal.abort()))).toMatchObject(stopped('refused'));
    expect(sockets).toEqual([]);
  });

  it('stops a request that waits for a connection, which the others do not notice', async () => {
    const { client } = await serve((request, response) => request.resume().on('end', () => response.end()), {
      maxConnections: 1,
    });
    const abort = new AbortController();
    const [first, second, third] = [
      client.request(post('a')),
      client.request(post('b', abort.signal)),
      client.request(post('c')),
    ];
    abort.abort();
    expect(await second).toMatchObject(stopped('refused'));
    expect([await first, await third]).toMatchObject([{ code: 200 }, { code: 200 }]);
  });

  it('stops a large body', async () => {
    const { client } = await serve((request) => {
      request.pause();
      abort.abort();
    });
    const abort = new AbortController();
    expect(await client.request(post(LARGE, abort.signal))).toMatchObject(stopped('refused'));
  });

  it('leaves what the server has got in doubt', async () => {
    const abort = new AbortController();
    const { client, sockets } = await serve((request) => request.resume().on('end', () => abort.abort()));
    expect(await client.request(post('hej', abort.signal))).toMatchObject(stopped('unknown'));
    await Promise.all(sockets.map((socket) => socket.destroyed || once(socket, 'close')));
  });

  it('leaves an answer that has begun what it is', async () => {
    const abort = new AbortController();
    const { client } = await serve((request, response) => {
      request.resume();
      response.writeHead(202, { 'content-length': 99 }).write('half');
    });
    const asked = client.request(post('hej', abort.signal));
    const first = await Promise.race([asked, waitForAnswer()]);
    expect(first).toBe('begun');
    abort.abort();
    expect(await asked).toMatchObject({ code: 202, isComplete: false });

    async function waitForAnswer() {
      // The answer to a later request on another connection comes after the beginning of this one.
      const { client: other } = await serve((_request, response) => response.end());
      await other.request(post('x'));
      for (let turn = 0; turn < 20; turn += 1) await setImmediate();
      return 'begun';
    }
  });

  it('is listened to by nobody once a request has ended', async () => {
    const { client } = await serve((request, response) => {
      if (request.url === '/cut') request.socket.destroy();
      else request.resume().on('end', () => response.end());
    });
    const { signal } = new AbortController();
    for (const path of ['/', '/cut', 'nowhere']) await client.request({ ...post('hej', signal), path });
    expect(getEventListeners(signal, 'abort')).toEqual([]);
  });
});

it.each([
  ['http', serve],
  ['https', serveTls],
])(
  'whenever it is stopped, what the server has got whole is never said not to be sent (%s)',
  async (_s, start) => {
    const got = new Set<string>();
    const { client, sockets } = await start(async (request, response) => {
      const name = `${request.url}`;
      const chunks = await request.toArray().catch(() => []);
      if (!request.complete) return;
      expect(Buffer.concat(chunks).length).toBe(Number(request.headers['content-length']));
      got.add(name);
      response.end();
    });
    const statuses = new Map<string, string>();
    const sizes = [3, 20_000, 300_000, 3_000_000];
    for (const size of sizes) {
      const body = Buffer.alloc(size, 'x');
      for (let turns = 0; turns < 25; turns += 1) {
        const abort = new AbortController();
        const path = `/${size}/${turns}`;
        const asked = client.request({ ...post(body, abort.signal), path });
        for (let turn = 0; turn < turns; turn += 1) await setImmediate();
        abort.abort();
        const reply = await asked;
        statuses.set(path, reply.status === 'answered' ? 'answered' : reply.outcome.status);
      }
    }
    await client.close();
    await Promise.all(sockets.map((socket) => socket.destroyed || once(socket, 'close')));
    const lies = [...got].filter((path) => statuses.get(path) === 'refused');
    expect(lies).toEqual([]);
    expect(new Set(statuses.values())).toContain('refused');
    expect(got.size).toBeGreaterThan(0);
  },
);
