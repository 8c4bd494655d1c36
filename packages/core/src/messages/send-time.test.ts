import { describe, expect, it } from 'vitest';
import { checkTimeLeft, readTimes } from './send-time.ts';

describe('the times of a send', () => {
  const now = Date.parse('2026-11-23T10:00:00Z');
  const times = (input: Parameters<typeof readTimes>[0]) => readTimes(input, 'UTC', now);

  it('are none where nothing is said', () => {
    expect(times({})).toEqual({ sendAt: null, expiresAt: null });
  });

  it('count a sendAt that has passed as at once', () => {
    expect(times({ sendAt: '2026-11-23T09:59Z' }).sendAt).toBeNull();
  });

  it.each([
    { expiresAt: '2026-11-23T10:00Z' },
    { sendAt: '2026-11-24T10:00Z', expiresAt: '2026-11-24T10:00Z' },
  ])('refuse a message that expires before it may leave: %j', (input) => {
    expect(() => checkTimeLeft(times(input), now)).toThrow(
      expect.objectContaining({ code: 'invalid_input', path: 'expiresAt' }),
    );
  });
});
