import { expect, it } from 'vitest';
import { Memo } from './memo.ts';

it('knows what was asked for most recently, and never more than two generations of its size', () => {
  const memo = new Memo<number>(2);
  memo.set('sender', 1);
  const recipients = Array.from({ length: 20 }, (_, index) => `anna${index}`);
  for (const recipient of recipients) {
    memo.set(recipient, 2);
    expect(memo.get('sender')).toBe(1);
  }
  expect(memo.get('anna19')).toBe(2);
  expect(recipients.filter((recipient) => memo.get(recipient) !== undefined).length).toBeLessThanOrEqual(3);
});
