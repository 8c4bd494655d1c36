import { once } from 'node:events';
import { createServer, type IncomingMessage, type RequestListener } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openLinks } from './link.test-kit.ts';
import { toNodeHandler } from './to-node-handler.ts';

async function listen(
  listener: RequestListener,
): Promise<{ readonly origin: string; readonly port: number }> {
  const server = createServer(listener).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(async () => {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  });
  const { port } = server.address() as AddressInfo;
  return { origin: `http://127.0.0.1:${port}`, port };
}

/** Everything that a connection answers to these bytes, until it is closed or has been silent after an answer. */
async function say(port: number, text: string, isWhole: (answer: string) => boolean): Promise<string> {
  const socket = connect(port, '127.0.0.1').setEncoding('latin1');
  socket.write(text);
  let answer = '';
  for await (const chunk of socket) {
    answer += chunk;
    if (isWhole(answer)) break;
  }
  return answer;
}

async function openServer(wrap = (listener: RequestListener): RequestListener => listener) {
  const links = openLinks();
  const { origin, port } = await listen(wrap(toNodeHandler(links)));
  const { url } = await links.mail('anna@example.dk');
  return { ...links, port, origin, path: new URL(url).pathname, link: origin + new URL(url).pathname };
}

const oneClick = (): RequestInit => ({
  method: 'POST',
  body: new URLSearchParams({ 'List-Unsubscribe': 'One-Click' }),
});

describe('a server of node:http', () => {
  it('shows the page and unsubscribes, urlencoded and multipart', async () => {
    const { link, marks } = await openServer();
    const page = await fetch(link, { headers: { 'accept-language': 'da' } });
    expect([page.status, page.headers.get('cache-control')]).toEqual([200, 'no-store']);
    expect(await page.text()).toContain('Afmeld mig');
    expect((await fetch(link, { method: 'HEAD' })).status).toBe(200);
    expect(marks).toEqual([]);
    const body = new FormData();
    body.set('List-Unsubscribe', 'One-Click');
    expect((await fetch(link, { method: 'POST', body })).status).toBe(200);
    expect((await fetch(link, oneClick())).status).toBe(200);
    expect(marks).toMatchObject([{ reason: 'unsubscribed', evidence: { how: 'one-click' } }]);
  });

  it('does so too where a framework has cut off what it is mounted under', async () => {
    const { link, marks } = await openServer((listener) => (request, response) => {
      request.url = request.url?.replace(/^\/messages/, '') ?? '/';
      listener(request, response);
    });
    expect((await fetch(link, oneClick())).status).toBe(200);
    expect(marks).toHaveLength(1);
  });

  it.each([
    ['urlencoded', oneClick],
    [
      'multipart',
      () => {
        const body = new FormData();
        body.set('List-Unsubscribe', 'One-Click');
        return { method: 'POST', body };
      },
    ],
  ])('does so too behind a body parser (%s)', async (_case, init) => {
    const { link, marks } = await openServer((listener) => async (request, response) => {
      for await (const _ of request);
      const form = { 'List-Unsubscribe': 'One-Click', nested: { __proto__: null } };
      listener(Object.assign(request, { body: form }), response);
    });
    expect((await fetch(link, init())).status).toBe(200);
    expect(marks).toHaveLength(1);
  });

  it('behind a parser that found nothing to parse, reads the body itself', async () => {
    const { link, marks } = await openServer((listener) => (request, response) => {
      listener(Object.assign(request, { body: {} }) as IncomingMessage, response);
    });
    expect((await fetch(link, oneClick())).status).toBe(200);
    expect(marks).toHaveLength(1);
  });

  it('takes no more than it needs, and ends the connection of one who says more', async () => {
    const { link, path, port, marks } = await openServer();
    expect((await fetch(link, { ...oneClick(), body: 'x'.repeat(17 * 1024) })).status).toBe(413);
    const endless = `POST ${path} HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000000\r\n\r\n${'x'.repeat(20 * 1024)}`;
    const answer = await say(port, endless, () => false);
    expect(answer).toMatch(/^HTTP\/1\.1 413 /);
    expect(answer).toMatch(/^connection: close\r$/im);
    expect(marks).toEqual([]);
  });

  it('answers one who is wrong without waiting for what they still want to say', async () => {
    const { port } = await openServer();
    const halfSaid = 'POST /unsubscribe/nonsense HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\nhalf';
    expect(await say(port, halfSaid, (answer) => answer.includes('</html>'))).toMatch(/^HTTP\/1\.1 404 /);
  });

  it('goes on when a client leaves in the middle of its request', async () => {
    const { link, path, port, marks, logged } = await openServer();
    const socket = connect(port, '127.0.0.1');
    await once(socket, 'connect');
    socket.write(`POST ${path} HTTP/1.1\r\nHost: x\r\nContent-Length: 26\r\n\r\nList-Unsubscribe=One-`);
    socket.destroy();
    await once(socket, 'close');
    expect((await fetch(link)).status).toBe(200);
    expect([marks, logged]).toEqual([[], []]);
  });

  it('answers one request after the other on one connection', async () => {
    const { path, port, marks } = await openServer();
    const body = 'List-Unsubscribe=One-Click';
    const post = (to: string) =>
      `POST ${to} HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
    const statusLines = (answer: string) => answer.match(/^HTTP\/1\.1 \d+/gm) ?? [];
    const answers = await say(
      port,
      `${post('/unsubscribe/nonsense')}${post(path)}HEAD ${path} HTTP/1.1\r\nHost: x\r\n\r\n`,
      (answer) => statusLines(answer).length === 3,
    );
    expect(statusLines(answers)).toEqual(['HTTP/1.1 404', 'HTTP/1.1 200', 'HTTP/1.1 200']);
    expect(marks).toHaveLength(1);
  });

  it.each([
    ['a method that fetch does not know', 'TRACE /unsubscribe/x', 501],
    ['a method that pages do not know', 'PROPFIND /unsubscribe/x', 405],
    ['no path', 'OPTIONS *', 404],
    ['the address of another server', 'GET http://evil.example/unsubscribe/x', 404],
    ['a path that looks like a host', 'GET //evil.example/unsubscribe/x', 404],
    ['a path that is no text', 'GET /unsubscribe/%ff%zz', 404],
  ])('answers %s', async (_case, line, status) => {
    const { port, logged } = await openServer();
    const answer = await say(port, `${line} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`, () => false);
    expect(answer).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
    expect(logged).toEqual([]);
  });

  it('says nothing of what goes wrong inside', async () => {
    const handler = () => Promise.reject(new Error('secret'));
    const { origin } = await listen(toNodeHandler({ handler }));
    const answer = await fetch(origin);
    expect([answer.status, await answer.text()]).toEqual([500, '']);
  });

  it.each([undefined, null, {}, { handler: 'x' }])('is not made of what is no Posthorn: %j', (given) => {
    expect(() => toNodeHandler(given as never)).toThrow(
      expect.objectContaining({ code: 'invalid_input', advice: expect.any(String) }),
    );
  });

  it('cuts short an answer that somebody else has begun', async () => {
    const { link } = await openServer((listener) => (request, response) => {
      response.writeHead(200);
      response.write('of somebody else');
      listener(request, response);
    });
    await expect(fetch(link).then((answer) => answer.text())).rejects.toThrow();
  });
});
