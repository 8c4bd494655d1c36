import { describe, expect, it } from 'vitest';
import { ConfigurationError } from '../errors.ts';
import { createHandler } from './create-handler.ts';
import { oneClick, openLinks } from './link.test-kit.ts';

describe('the handler', () => {
  it.each([
    'https://app.example.dk/messages',
    'https://app.example.dk',
    'http://localhost:3000/behind/a/proxy',
  ])('answers wherever it is mounted: %s', async (mount) => {
    const { handler, marks, mail } = openLinks();
    const path = new URL((await mail('anna@example.dk')).url).pathname.replace('/messages', '');
    expect((await handler(new Request(mount + path))).status).toBe(200);
    expect((await handler(oneClick(`${mount}${path}/`))).status).toBe(200);
    expect(marks).toHaveLength(1);
  });

  it.each(['', '/', '/messages', '/unsubscribe', '/messages/unsubscribe/', '/constructor/x', '/__proto__/x'])(
    'knows no other page: %j',
    async (path) => {
      const answer = await openLinks().handler(new Request(`https://app.example.dk${path}`));
      expect(answer.status).toBe(404);
      expect(answer.headers.get('content-security-policy')).toContain("default-src 'none'");
    },
  );

  it.each(['PUT', 'DELETE', 'PATCH', 'OPTIONS', 'BREW', 'constructor', '__proto__'])(
    'does nothing for %s, and says what it does',
    async (method) => {
      const { handler, marks, mail } = openLinks();
      const answer = await handler(new Request((await mail('anna@example.dk')).url, { method }));
      expect([answer.status, answer.headers.get('allow')]).toEqual([405, 'GET, HEAD, POST']);
      expect(marks).toEqual([]);
    },
  );

  it('answers HEAD as GET, without the page', async () => {
    const { handler, mail } = openLinks();
    const { url } = await mail('anna@example.dk');
    const [head, get] = [
      await handler(new Request(url, { method: 'HEAD' })),
      await handler(new Request(url)),
    ];
    expect([head.status, await head.text()]).toEqual([200, '']);
    expect(Object.fromEntries(head.headers)).toEqual(Object.fromEntries(get.headers));
  });

  it.each([
    ['of ours, so that one may try again', new ConfigurationError('closed', 'This was closed: secret'), 503],
    ['of anybody', new TypeError('secret is not a function'), 500],
  ])('tells the log of an error %s, and the world nothing', async (_case, error, status) => {
    const { context, logged, mail } = openLinks();
    const { url } = await mail('anna@example.dk');
    const handler = createHandler({ ...context, open: () => Promise.reject(error) });
    for (const request of [new Request(url), oneClick(url)]) {
      const answer = await handler(request);
      expect(answer.status).toBe(status);
      expect(await answer.text()).not.toContain('secret');
    }
    expect(logged).toHaveLength(2);
    expect(logged[0]).toContain('secret');
  });

  it('says to the host in the log that it was given a request that had been read', async () => {
    const { handler, logged, marks, mail } = openLinks();
    const request = oneClick((await mail('anna@example.dk')).url);
    await request.text();
    expect((await handler(request)).status).toBe(503);
    expect(logged.join()).toContain('was read before Posthorn got it');
    expect(marks).toEqual([]);
  });

  it.each([undefined, null, 'https://app.example.dk', {}, { url: '/x', method: 'GET' }])(
    'refuses what is no request: %j',
    async (given) => {
      await expect(openLinks().handler(given as never)).rejects.toMatchObject({
        code: 'invalid_input',
        path: 'request',
      });
    },
  );
});
