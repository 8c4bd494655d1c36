import { expect, it } from 'vitest';
import {
  dismiss,
  expectEverybodyOnce,
  kill,
  openBench,
  startSlowServer,
} from './two-processes/bench.test-kit.ts';
import { WINDOW } from './two-processes/salon.test-kit.ts';

const CUSTOMERS = 300;
/** The lease of a worker. */
const LEASE_MS = 15_000;

it('two processes on one file share the work: nobody is missed, nobody is written to twice', async () => {
  const server = await startSlowServer();
  const bench = await openBench(server);
  const workers = await Promise.all([bench.startWorker('one'), bench.startWorker('two')]);
  await bench.confirm(CUSTOMERS);
  await server.keepsWaiting('one', 'two');
  server.answer();
  await bench.untilAll(({ status }) => status === 'accepted');
  expectEverybodyOnce(server, CUSTOMERS);
  for (const { attempts } of await bench.messages()) expect(attempts).toBe(1);
  expect(await Promise.all(workers.map(dismiss))).toEqual([0, 0]);
}, 60_000);

it('one is killed in the middle: the other goes on within seconds, and no more than a window is in doubt', async () => {
  const server = await startSlowServer();
  const bench = await openBench(server);
  const [doomed] = await Promise.all([bench.startWorker('doomed'), bench.startWorker('other')]);
  await bench.confirm(CUSTOMERS);
  await server.keepsWaiting('doomed', 'other');
  await kill(doomed);
  const killedAt = performance.now();
  server.answer();
  await bench.untilAll(({ status }) => status === 'accepted' || status === 'unknown');
  expect(performance.now() - killedAt).toBeLessThan(LEASE_MS);

  const doubts = (await bench.messages()).filter(({ status }) => status === 'unknown');
  expect(doubts.length).toBeGreaterThan(0);
  expect(doubts.length).toBeLessThanOrEqual(WINDOW);
  for (const { reason } of doubts) expect(reason).toBe('lease_lost');

  const arrived = new Set(server.taken.flatMap(({ to }) => to));
  const idsWhere = (hasArrived: boolean) =>
    doubts.filter(({ to }) => arrived.has(to.address ?? '') === hasArrived).map(({ id }) => id);
  await bench.posthorn.messages.resolve(idsWhere(true), 'accepted', { by: 'kim' });
  await bench.posthorn.messages.resolve(idsWhere(false), 'resend', { by: 'kim' });
  await bench.untilAll(({ status }) => status === 'accepted');
  expectEverybodyOnce(server, CUSTOMERS);
}, 60_000);

// Windows cannot stop a process.
it.skipIf(process.platform === 'win32')(
  'one stands still for longer than its lease: the other takes its rows, and it sends none of them when it wakes',
  async () => {
    const server = await startSlowServer();
    const bench = await openBench(server);
    const [sleeper, other] = await Promise.all([bench.startWorker('sleeper'), bench.startWorker('other')]);
    await bench.confirm(CUSTOMERS);
    await server.keepsWaiting('sleeper', 'other');
    sleeper.kill('SIGSTOP');
    server.answer();
    await bench.untilAll(({ status }) => status === 'accepted' || status === 'unknown');
    const doubts = (await bench.messages()).filter(({ status }) => status === 'unknown');
    expect(doubts.length).toBeGreaterThan(0);
    expect(doubts.length).toBeLessThanOrEqual(WINDOW);

    // What it was handing over ends well after all; what it only had in hand has long been sent.
    sleeper.kill('SIGCONT');
    await bench.untilAll(({ status }) => status === 'accepted');
    expect(await Promise.all([sleeper, other].map(dismiss))).toEqual([0, 0]);
    expectEverybodyOnce(server, CUSTOMERS);
    expect(new Set(server.takenFrom('sleeper'))).toEqual(new Set(doubts.map(({ to }) => to.address)));
  },
  90_000,
);
