import { expect, it } from 'vitest';
import { Salon } from './salon.test-kit.ts';

it('an account with a limit of twenty a second sends nearly that many, however its sends are spread over the second', async () => {
  const salon = new Salon();
  const worker = await salon.boot({ perSecond: 20 });
  for (const part of ['a', 'b', 'c', 'd']) {
    await salon.write(worker, part, 5);
    await salon.passMs(200, 25);
  }
  await salon.write(worker, 'bulk', 300);
  await salon.passMs(10_000, 25);
  expect(salon.handedOver.length).toBeGreaterThanOrEqual(190);
  expect(salon.most(1_000)).toBe(20);
});
