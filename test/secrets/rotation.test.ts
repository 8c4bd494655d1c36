import { join } from 'node:path';
import { sqlite } from '@posthorn/backend-sqlite';
import { createFakeClock } from '@posthorn/testing';
import { expect, it } from 'vitest';
import { passUntilSettled } from '../clock.test-kit.ts';
import { holdsInClear, openFolder } from '../database.test-kit.ts';
import { openSalon } from '../messages/salon.test-kit.ts';

const K1 = 'a key for tests that is long enough, 0123456789';
const K2 = 'another key that is long enough as well, 9876543210';
const SECRET = 'xk-4711-hemmelig';
const DAY = 86_400_000;

it('lets a waiting message leave with its sensitive value once the old key is gone', async () => {
  const folder = openFolder();
  const clock = createFakeClock();
  const openWith = (current: string, keys: Readonly<Record<string, string>>) =>
    openSalon({ backend: sqlite(join(folder, 'messages.db')), clock, secrets: { current, keys } });

  const before = await openWith('k1', { k1: K1 });
  const { id } = await before.posthorn.send({
    to: { email: 'anna@example.dk' },
    email: { subject: 'Velkommen', html: '{{ account.password }}' },
    data: { account: { password: SECRET } },
    sendAt: new Date(clock.now() + DAY),
  });
  await before.posthorn.close();

  const rotating = await openWith('k2', { k1: K1, k2: K2 });
  await rotating.posthorn.rotateSecrets();
  await rotating.posthorn.close();
  expect(holdsInClear(folder, SECRET)).toBe(false);

  const after = await openWith('k2', { k2: K2 });
  clock.advance(DAY);
  await passUntilSettled(clock, after.drain());
  expect(await after.posthorn.messages.get(id)).toMatchObject({ status: 'accepted' });
  expect(after.email.sent).toMatchObject([{ messageId: id, html: SECRET }]);
  expect(holdsInClear(folder, SECRET)).toBe(false);
});
