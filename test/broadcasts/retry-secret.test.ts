import type { Answer } from '@posthorn/testing';
import { expect, it } from 'vitest';
import { everybody, openHall } from './hall.test-kit.ts';

const DAY = 86_400_000;

it('a failed message whose secret is wiped is not tried again: nothing would be left to say', async () => {
  const tags = { 'account.password': { label: 'Password', sensitive: true, example: 'secret' } } as const;
  const { posthorn, email, settled, advance, look } = await openHall({ members: 3, options: { tags } });
  email.answer('m-0001@members.example', ...Array<Answer>(200).fill('unreachable'));
  const { id } = await posthorn.broadcasts.plan({
    to: everybody,
    email: { subject: 'Welcome', text: 'Your code is {{ account.password }}' },
    data: { account: { password: 'hunter2' } },
  });
  await posthorn.broadcasts.start(id);
  await settled();
  await advance(6 * DAY);
  const counts = { accepted: 2, failed: 1 };
  expect((await look(id)).counts).toEqual(counts);
  email.acceptAll();

  expect(await posthorn.broadcasts.retryFailed(id)).toEqual({ retried: 0 });
  await settled();
  expect(await look(id)).toMatchObject({ status: 'finished', counts });
});
