import { expect, it } from 'vitest';
import { Salon } from './salon.test-kit.ts';

const MINUTE = 60_000;
const BULK = 10;

/** Sixty of two hundred have left, and the minute is not over. */
async function usedUp() {
  const salon = new Salon();
  const begunAt = salon.clock.now();
  const worker = await salon.boot({ perMinute: 60 });
  await salon.write(worker, 'bulk', 200);
  return { salon, worker, begunAt };
}

it('single messages overtake what a broadcast left waiting, as soon as there is room', async () => {
  const { salon, worker } = await usedUp();
  await salon.pass(20);
  await salon.write(worker, 'anna', 10);
  await salon.pass(42);
  const second = salon.handedOver.slice(60).map(({ to }) => to);
  expect(second).toHaveLength(60);
  expect(second.slice(0, 10).every((to) => to.startsWith('anna'))).toBe(true);
  expect(salon.most(MINUTE)).toBe(60);
});

it('says when the account opens, and the due-scan looks again then', async () => {
  const { salon, begunAt } = await usedUp();
  const { deliveries } = salon.store;
  const opensAt = begunAt + 61_000;
  expect(await deliveries.opensAt('$platform', 'server')).toBe(opensAt);
  const scan = await deliveries.queueDue(salon.clock.now(), 100, () => crypto.randomUUID());
  expect(scan).toEqual({ queued: 0, nextDueAt: opensAt });
});

it('a worker that finds no room lets go of all that it holds, and does not try one after the other', async () => {
  const { salon } = await usedUp();
  // Six turns of ten, and the one that finds no room.
  expect(salon.asked.turn).toBeLessThanOrEqual(10);
});

it('nothing is asked of the store while an account is closed', async () => {
  const { salon } = await usedUp();
  await salon.pass(2);
  const before = { ...salon.asked };
  await salon.pass(57);
  expect(salon.asked).toEqual(before);
});

it('nor much to find out who may leave when it opens', async () => {
  const { salon } = await usedUp();
  const before = salon.asked.turn;
  await salon.pass(65);
  expect(salon.handedOver).toHaveLength(120);
  // Ten are handed over at a time, and each ten are settled.
  expect(salon.asked.turn - before).toBeLessThan(20);
});

it('a message that is written meanwhile is tried once, and waits', async () => {
  const { salon, worker } = await usedUp();
  await salon.pass(2);
  const before = salon.asked.turn;
  await salon.write(worker, 'anna', 1);
  await salon.pass(20);
  expect(salon.asked.turn - before).toBe(1);
  expect(salon.handedOver).toHaveLength(60);
});

it('the broadcast’s rows keep their priority while they wait', async () => {
  const { salon, worker } = await usedUp();
  const { items } = await worker.messages.list({ status: 'queued', limit: 1 });
  const [waiting] = await salon.store.messages.get('default', [items[0]?.id ?? '']);
  expect(waiting?.delivery).toMatchObject({ priority: BULK, attempt: 0, chunk: null });
});
