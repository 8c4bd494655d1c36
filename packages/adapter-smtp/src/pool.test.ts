import { expect, it } from 'vitest';
import type { OpenedSession } from './open-session.ts';
import { Pool } from './pool.ts';

it('an abort after opening has failed strikes nobody who waits since then', async () => {
  const opened = Promise.withResolvers<OpenedSession>();
  const openings = [Promise.reject(new Error('A mistake in the program')), opened.promise];
  const pool = new Pool({ open: () => openings.shift() as never, maxConnections: 1, idleMs: 1000 });
  const stop = new AbortController();
  await expect(pool.acquire(stop.signal)).rejects.toThrow('A mistake');
  const next = pool.acquire(new AbortController().signal);
  stop.abort();
  const failed = { failure: { phase: 'connect', outcome: { status: 'unknown', failure: {} } } } as never;
  opened.resolve(failed);
  expect(await next).toBe(failed);
});
