import { expect, it } from 'vitest';
import { Salon } from './salon.test-kit.ts';

const MINUTE = 60_000;
const LIMIT = { perMinute: 60 };

it('60 a minute holds over a restart: a worker is stopped and another one started', async () => {
  const salon = new Salon();
  const first = await salon.boot(LIMIT);
  await salon.write(first, 'anna', 150);
  expect(salon.handedOver).toHaveLength(60);
  await salon.pass(30);
  await salon.shutDown(first);

  await salon.boot(LIMIT);
  await salon.pass(29);
  expect(salon.handedOver).toHaveLength(60);
  await salon.pass(3);
  expect(salon.handedOver).toHaveLength(120);
  await salon.pass(60);
  expect(salon.handedOver).toHaveLength(150);
  expect(salon.most(MINUTE)).toBe(60);
});

it('and over many, at whatever moment: nobody is missed and nobody written to twice', async () => {
  const salon = new Salon();
  let worker = await salon.boot(LIMIT);
  await salon.write(worker, 'anna', 150);
  for (const seconds of [1, 0, 13, 46, 1, 0, 1, 59, 7, 2, 60]) {
    await salon.pass(seconds);
    await salon.shutDown(worker);
    worker = await salon.boot(LIMIT);
  }
  await salon.pass(60);
  expect(salon.most(MINUTE)).toBe(60);
  expect(salon.handedOver).toHaveLength(150);
  expect(new Set(salon.handedOver.map(({ to }) => to)).size).toBe(150);
});

it('two processes share it', async () => {
  const salon = new Salon();
  const [one] = [await salon.boot(LIMIT), await salon.boot(LIMIT)];
  await salon.write(one, 'anna', 150);
  await salon.pass(130);
  expect(salon.most(MINUTE)).toBe(60);
  expect(salon.handedOver).toHaveLength(150);
});

it('the platform’s limit is raised with a restart: more leave at once', async () => {
  const salon = new Salon();
  const first = await salon.boot({ perHour: 60 });
  await salon.write(first, 'anna', 150);
  await salon.shutDown(first);
  await salon.boot({ perHour: 100 });
  await salon.pass(2);
  expect(salon.handedOver).toHaveLength(100);
});

it('it is taken away with a restart: all leave', async () => {
  const salon = new Salon();
  const first = await salon.boot({ perMonth: 60 });
  await salon.write(first, 'anna', 150);
  await salon.shutDown(first);
  await salon.boot();
  await salon.pass(2);
  expect(salon.handedOver).toHaveLength(150);
});

it('it is lowered with a restart: what has left counts', async () => {
  const salon = new Salon();
  const first = await salon.boot({ perMinute: 60 });
  await salon.write(first, 'anna', 150);
  await salon.shutDown(first);
  await salon.boot({ perMinute: 20 });
  await salon.pass(60);
  expect(salon.handedOver).toHaveLength(60);
  await salon.pass(2);
  expect(salon.handedOver).toHaveLength(80);
});
