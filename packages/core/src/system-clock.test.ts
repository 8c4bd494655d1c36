import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { systemClock } from './system-clock.ts';

const DAY_MS = 86_400_000;

describe('the system clock', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('sleeps longer than a timer of Node can', async () => {
    let isAwake = false;
    void systemClock.sleep(60 * DAY_MS).then(() => {
      isAwake = true;
    });
    await vi.advanceTimersByTimeAsync(59 * DAY_MS);
    expect(isAwake).toBe(false);
    await vi.advanceTimersByTimeAsync(DAY_MS);
    expect(isAwake).toBe(true);
  });

  it('wakes with the reason of the signal, also in the second of its timers', async () => {
    const controller = new AbortController();
    const sleeping = systemClock.sleep(60 * DAY_MS, controller.signal);
    const woken = expect(sleeping).rejects.toThrow('enough');
    await vi.advanceTimersByTimeAsync(40 * DAY_MS);
    controller.abort(new Error('enough'));
    await woken;
    expect(vi.getTimerCount()).toBe(0);
  });

  it('does not begin to sleep where the signal is aborted already', async () => {
    await expect(systemClock.sleep(1, AbortSignal.abort(new Error('no')))).rejects.toThrow('no');
    expect(vi.getTimerCount()).toBe(0);
  });
});
