import type { Answer } from '@posthorn/testing';
import { describe, expect, it } from 'vitest';
import { everybody, type Hall, LETTER, openHall } from './hall.test-kit.ts';

const DAY = 86_400_000;

/** A broadcast of ten, of whose messages some bounced, some are in doubt and some have been given up. */
async function openAfterTheStorm() {
  const hall = await openHall();
  const { posthorn, email, settled, advance, look } = hall;
  const answers: Record<string, Answer[]> = {
    'm-0001': Array<Answer>(200).fill('unreachable'),
    'm-0002': Array<Answer>(200).fill('unreachable'),
    'm-0003': ['bounced'],
    'm-0004': ['unknown'],
    'm-0005': ['rejected'],
  };
  for (const [name, given] of Object.entries(answers)) email.answer(`${name}@members.example`, ...given);
  const { id } = await posthorn.broadcasts.plan({ to: everybody, ...LETTER });
  await posthorn.broadcasts.start(id);
  await settled();
  await advance(6 * DAY);
  const counts = { accepted: 5, bounced: 1, failed: 2, rejected: 1, unknown: 1 };
  expect(await look(id)).toMatchObject({ status: 'finished', counts });
  return { ...hall, id, before: email.handedOver.length, counts };
}

function triesOf({ email }: Pick<Hall, 'email'>, name: string): readonly number[] {
  return email.handedOver.filter(({ to }) => to.startsWith(name)).map(({ attempt }) => attempt);
}

describe('trying the failed ones again', () => {
  it('hands over those alone, once each, and everything adds up', async () => {
    const hall = await openAfterTheStorm();
    const { posthorn, id, email, before, settled, look } = hall;
    email.acceptAll();
    expect(await posthorn.broadcasts.retryFailed(id)).toEqual({ retried: 2 });
    expect(await look(id)).toMatchObject({ status: 'sending', counts: { accepted: 5, queued: 2 } });
    await settled();
    expect(
      email.handedOver
        .slice(before)
        .map(({ to }) => to.slice(0, 6))
        .sort(),
    ).toEqual(['m-0001', 'm-0002']);
    const counts = { accepted: 7, bounced: 1, rejected: 1, unknown: 1 };
    expect(await look(id)).toMatchObject({ status: 'finished', counts });
    expect((await look(id)).counts).toEqual(counts);
    expect(await posthorn.broadcasts.retryFailed(id)).toEqual({ retried: 0 });
  });

  it('is one more attempt, not another week of them', async () => {
    const hall = await openAfterTheStorm();
    const { posthorn, id, counts, settled, advance, look } = hall;
    const tries = triesOf(hall, 'm-0001').length;
    await posthorn.broadcasts.retryFailed(id);
    await settled();
    await advance(6 * DAY);
    expect(triesOf(hall, 'm-0001')).toHaveLength(tries + 1);
    expect(await look(id)).toMatchObject({ status: 'finished', counts });
    const attempts = triesOf(hall, 'm-0001');
    expect(new Set(attempts).size, 'each attempt has its own number').toBe(attempts.length);
  });

  it('skips who has unsubscribed meanwhile', async () => {
    const { posthorn, id, email, settled, look } = await openAfterTheStorm();
    email.acceptAll();
    await posthorn.suppressions.add({ email: 'm-0001@members.example', reason: 'unsubscribed' });
    await posthorn.broadcasts.retryFailed(id);
    await settled();
    expect((await look(id)).counts).toEqual({ accepted: 6, bounced: 1, rejected: 1, skipped: 1, unknown: 1 });
  });

  it('is refused before the start, and twice at once is once', async () => {
    const { posthorn, id, email, settled, look } = await openAfterTheStorm();
    email.acceptAll();
    const plan = await posthorn.broadcasts.plan({ to: everybody, ...LETTER });
    await expect(posthorn.broadcasts.retryFailed(plan.id)).rejects.toMatchObject({
      code: 'broadcast_state',
      message: expect.stringContaining('planned'),
    });
    const both = await Promise.all([
      posthorn.broadcasts.retryFailed(id),
      posthorn.broadcasts.retryFailed(id),
    ]);
    expect(both.reduce((sum, { retried }) => sum + retried, 0)).toBe(2);
    await settled();
    expect((await look(id)).counts).toMatchObject({ accepted: 7 });
  });
});
