import { sqlite } from '@posthorn/backend-sqlite';
import type { Backend } from '@posthorn/core';
import { describe, expect, it } from 'vitest';
import { openPlatform, PUBLIC_URL, UNKNOWN } from './webhooks.test-kit.ts';

describe('a store that is down', () => {
  /** The database opens, and then says nothing useful. */
  function broken(): Backend {
    const backend = sqlite(':memory:');
    const fail = () => Promise.reject(new Error('disk I/O error'));
    return {
      ...backend,
      async open(runtime) {
        const { store, ...rest } = await backend.open(runtime);
        const down = {
          reports: { ...store.reports, keepUnmatched: fail },
          accounts: { ...store.accounts, get: fail },
        };
        return { ...rest, store: { ...store, ...down } };
      },
    };
  }

  it.each(['/webhooks/mail', '/webhooks/own~sol'])(
    'makes the provider come again, and the log says so once: %s',
    async (path) => {
      const { post, answer, log } = openPlatform({ backend: broken() });
      answer({ status: 'received', reports: [UNKNOWN] });
      for (let time = 0; time < 2; time += 1) {
        const reply = await post(path);
        expect([reply.status, await reply.text()]).toEqual([503, '']);
      }
      expect(log).toEqual([{ level: 'error', text: expect.stringContaining('disk I/O error') }]);
    },
  );

  it('makes the health route say so, and nothing of why', async () => {
    const { posthorn, log } = openPlatform({ backend: broken() });
    for (let time = 0; time < 2; time += 1) {
      const reply = await posthorn.handler(new Request(`${PUBLIC_URL}/health`));
      expect([reply.status, await reply.json()]).toEqual([503, { ok: false }]);
    }
    expect(log).toEqual([{ level: 'error', text: expect.stringContaining('disk I/O error') }]);
  });
});

it('says that all is well, to whoever asks, with GET alone', async () => {
  const { posthorn } = openPlatform();
  const ask = (method: string) => posthorn.handler(new Request(`${PUBLIC_URL}/health`, { method }));
  const reply = await ask('GET');
  expect([reply.status, reply.headers.get('cache-control'), await reply.json()]).toEqual([
    200,
    'no-store',
    { ok: true },
  ]);
  const head = await ask('HEAD');
  expect([head.status, await head.text()]).toEqual([200, '']);
  expect((await ask('POST')).status).toBe(405);
});

it('closed, it answers that one may come again', async () => {
  const { posthorn, post } = openPlatform();
  await posthorn.close();
  expect((await post('/webhooks/own~sol')).status).toBe(503);
  expect((await posthorn.handler(new Request(`${PUBLIC_URL}/health`))).status).toBe(503);
});
