import { startPostgres } from '@posthorn/postgres-server';
import { createFakeClock } from '@posthorn/testing';
import { expect, it } from 'vitest';
import { postgres } from './index.ts';

const silent = { debug() {}, info() {}, warn() {}, error() {} };

it('ten that open an empty database at once all find it made, and made once', async () => {
  const server = await startPostgres();
  for (let rounds = 0; rounds < 3; rounds += 1) {
    const url = await server.createDatabase();
    const runtime = { clock: createFakeClock(), log: silent };
    const opening = Array.from({ length: 10 }, () => postgres(url, { connections: 2 }).open(runtime));
    const opened = await Promise.allSettled(opening);
    expect(opened.map((one) => (one.status === 'rejected' ? String(one.reason) : 'open'))).toEqual(
      Array.from({ length: 10 }, () => 'open'),
    );
    for (const one of opened) if (one.status === 'fulfilled') await one.value.close();
    await server.dropDatabase(url);
  }
  await server.close();
});
