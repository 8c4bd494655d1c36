import { expect, it } from 'vitest';
import { dismiss, openBench, startSlowServer } from '../two-processes/bench.test-kit.ts';

const CUSTOMERS = 60;
const LIMIT = 20;

it('two processes on one file race for an account’s limit and do not exceed it', async () => {
  const server = await startSlowServer();
  server.answer();
  const bench = await openBench(server);
  const { posthorn } = bench;
  const { port } = server;
  const settings = { host: '127.0.0.1', port, security: 'none', authentication: 'none' };
  const own = { key: 'own', adapter: 'smtp', settings };
  await posthorn.accounts.save({ ...own, limits: { perDay: LIMIT } });
  await posthorn.identities.save({
    key: 'salon',
    channel: 'email',
    address: 'hello@salon.example',
    account: 'own',
  });
  await bench.confirm(CUSTOMERS);
  const workers = await Promise.all([bench.startWorker('one'), bench.startWorker('two')]);
  const accepted = async () => (await bench.messages()).filter(({ status }) => status === 'accepted').length;
  await expect.poll(accepted, { timeout: 15_000 }).toBe(LIMIT);

  // Both are through with their jobs and have ended: had either had more room, it would have sent.
  expect(await Promise.all(workers.map(dismiss))).toEqual([0, 0]);
  expect(server.taken).toHaveLength(LIMIT);
  expect((await bench.messages()).filter(({ status }) => status === 'queued')).toHaveLength(
    CUSTOMERS - LIMIT,
  );

  // A third one begins where they ended, under a limit that was raised meanwhile.
  await posthorn.accounts.save({ ...own, limits: { perDay: 2 * LIMIT } });
  const third = await bench.startWorker('three');
  await expect.poll(accepted, { timeout: 15_000 }).toBe(2 * LIMIT);
  expect(await dismiss(third)).toBe(0);
  expect(server.taken).toHaveLength(2 * LIMIT);
}, 60_000);
