import { describe, expect, it } from 'vitest';
import { Pace } from './pace.ts';

describe('the pace of a broadcast', () => {
  it('is not known at once', () => {
    expect(new Pace().note(0, 0)).toBeNull();
  });

  it('is that of the last ten seconds, not of the whole way', () => {
    const pace = new Pace();
    for (let second = 0; second <= 60; second += 1) pace.note(second * 1000, second * 100);
    let done = 6_000;
    let perSecond: number | null = null;
    for (let second = 61; second <= 75; second += 1) {
      done += 10;
      perSecond = pace.note(second * 1000, done);
    }
    expect(perSecond).toBe(10);
  });

  it('is nothing while nothing is done, and never less', () => {
    const pace = new Pace();
    pace.note(0, 50);
    expect(pace.note(1_000, 50)).toBe(0);
    // A message that is tried again is not done any more.
    expect(pace.note(2_000, 40)).toBe(0);
  });
});
