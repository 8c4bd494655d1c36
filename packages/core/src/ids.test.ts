import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { newId } from './ids.ts';
import type { Clock } from './ports/index.ts';

const UUID_V7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

function clockAt(times: readonly number[]): Clock {
  let index = 0;
  return {
    now: () => times[Math.min(index++, times.length - 1)] ?? 0,
    sleep: () => Promise.resolve(),
  };
}

describe('ids of messages', () => {
  it('are UUIDs of version 7 that carry their time', () => {
    const at = Date.UTC(2099, 10, 23, 12, 0, 0);
    const id = newId(clockAt([at]));
    expect(id).toMatch(UUID_V7);
    expect(Number.parseInt(id.replace('-', '').slice(0, 12), 16)).toBe(at);
  });

  it('sort in the order in which they were made, within a millisecond and when the clock steps back', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 4_100_000_000_000, max: 4_100_000_000_003 })), (times) => {
        const clock = clockAt(times);
        const ids = Array.from({ length: 50 }, () => newId(clock));
        expect(ids).toEqual([...ids].sort());
        expect(new Set(ids).size).toBe(ids.length);
      }),
    );
  });

  it('never repeat, even 20,000 in one millisecond', () => {
    const clock = clockAt([4_200_000_000_000]);
    const ids = Array.from({ length: 20_000 }, () => newId(clock));
    expect(new Set(ids).size).toBe(20_000);
    expect(ids).toEqual([...ids].sort());
  });
});
