import { createServer } from 'node:http';
import { toNodeHandler } from '@posthorn/core';
import { describe, expect, it } from 'vitest';
import { express, listen, SERVERS, say } from './servers.test-kit.ts';
import { jsonPost, MAX_BODY_BYTES, openPlatform, PUBLIC_URL } from './webhooks.test-kit.ts';

const BODY = '{ "b":1,\r\n  "a":"grød", "a":2 }\n';

describe.each(Object.entries(SERVERS))('in %s', (_name, mount) => {
  it('what a provider posts comes in byte by byte, also as a form', async () => {
    const { posthorn, heard } = openPlatform();
    const base = await mount(posthorn);
    for (const type of ['application/json', 'application/x-www-form-urlencoded']) {
      const init = jsonPost({
        body: BODY,
        headers: { 'content-type': type, 'x-forwarded-host': 'evil.test' },
      });
      expect((await fetch(`${base}/webhooks/mail?token=a.b`, init)).status).toBe(204);
    }
    for (const { body, url } of heard) {
      expect(Buffer.from(body).toString()).toBe(BODY);
      expect(url).toBe(`${PUBLIC_URL}/webhooks/mail?token=a.b`);
    }
    expect(heard).toHaveLength(2);
  });

  it('everything else is answered too', async () => {
    const { posthorn, heard } = openPlatform();
    const base = await mount(posthorn);
    const statusOf = async (path: string, init?: RequestInit) => (await fetch(base + path, init)).status;
    expect(await statusOf('/health')).toBe(200);
    expect(await statusOf('/webhooks/mail')).toBe(405);
    expect(await statusOf('/webhooks/__proto__', jsonPost())).toBe(404);
    expect(await statusOf('/webhooks/mail', jsonPost({ headers: { 'content-type': 'text/plain' } }))).toBe(
      415,
    );
    expect(await statusOf('/webhooks/mail', { method: 'POST', body: new Uint8Array(3) })).toBe(415);
    expect(await statusOf('/webhooks/mail', { method: 'POST' })).toBe(415);
    expect(heard).toEqual([]);
  });

  it('a body may be as large as the adapter takes', async () => {
    const { posthorn, heard } = openPlatform();
    const init = jsonPost({ body: 'x'.repeat(MAX_BODY_BYTES) });
    expect((await fetch(`${await mount(posthorn)}/webhooks/mail`, init)).status).toBe(204);
    expect(heard[0]?.body).toHaveLength(MAX_BODY_BYTES);
  });
});

describe.each(['node:http', 'Express, before its parsers', 'Fastify'] as const)('in %s', (name) => {
  it('one who says too much is answered while they still talk', async () => {
    const { posthorn, heard } = openPlatform();
    const base = await SERVERS[name](posthorn);
    const head = `POST ${new URL(base).pathname}/webhooks/mail HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n`;
    const piece = 'x'.repeat(MAX_BODY_BYTES + 1);
    const chunked = `${head}Transfer-Encoding: chunked\r\n\r\n${piece.length.toString(16)}\r\n${piece}`;
    const announced = `${head}Content-Length: 1000000000\r\n\r\n${piece}`;
    for (const text of [chunked, announced]) expect(await say(base, text)).toMatch(/^HTTP\/1\.1 413 /);
    expect(heard).toEqual([]);
  });

  it('what is signed with the address is as it was called, whatever letters are in it', async () => {
    const { posthorn, heard } = openPlatform();
    const base = await SERVERS[name](posthorn);
    const query = `?name=O'Brien&x="<|>"&y=%7e%7E`;
    await say(
      base,
      `POST ${new URL(base).pathname}/webhooks/mail${query} HTTP/1.1\r\nHost: evil.test\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n[]`,
    );
    expect(heard.map(({ url }) => url)).toEqual([`${PUBLIC_URL}/webhooks/mail${query}`]);
  });
});

it.each([
  ['express.json()', 'application/json', () => express.json({})],
  ['express.text()', 'application/json', () => express.text({ type: '*/*' })],
  ['express.urlencoded()', 'application/x-www-form-urlencoded', () => express.urlencoded({})],
])('behind %s nothing can be proven, and the log says what to change', async (_name, type, parser) => {
  const { posthorn, heard, log } = openPlatform();
  const app = express();
  app.use(parser());
  app.use('/messages', toNodeHandler(posthorn));
  const base = await listen(createServer(app));
  const init = jsonPost({ headers: { 'content-type': type } });
  expect((await fetch(`${base}/messages/webhooks/mail`, init)).status).toBe(500);
  expect(heard).toEqual([]);
  expect(log).toEqual([{ level: 'error', text: expect.stringContaining('before `express.json()`') }]);
});

it('in Fastify the parsers of the host go on working beside it', async () => {
  const base = await SERVERS.Fastify(openPlatform().posthorn);
  const reply = await fetch(new URL('/elsewhere', base), jsonPost({ body: '{"a":1}' }));
  expect(await reply.json()).toEqual({ a: 1 });
});
