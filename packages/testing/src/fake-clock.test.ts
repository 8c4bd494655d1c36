import { describe, expect, it } from 'vitest';
import { createFakeClock } from './fake-clock.ts';

describe('a fake clock', () => {
  it('stands still', async () => {
    const clock = createFakeClock('2026-11-27T09:00:00Z');
    await new Promise(setImmediate);
    expect(new Date(clock.now()).toISOString()).toBe('2026-11-27T09:00:00.000Z');
  });

  it('wakes sleepers in the order of their times, and only those whose time has come', async () => {
    const clock = createFakeClock();
    const woken: string[] = [];
    const sleepers = [
      clock.sleep(30).then(() => woken.push('late')),
      clock.sleep(10).then(() => woken.push('early')),
    ];
    void clock.sleep(31).then(() => woken.push('never'));
    clock.advance(30);
    await Promise.all(sleepers);
    expect(woken).toEqual(['early', 'late']);
    expect(clock.nextWakeAt()).toBe(clock.now() + 1);
  });

  it('needs nobody to move it for a sleep of no time', async () => {
    const clock = createFakeClock();
    await clock.sleep(0);
    await clock.sleep(-5);
    expect(clock.nextWakeAt()).toBeNull();
  });

  it('ends a sleep with the reason of its signal', async () => {
    const clock = createFakeClock();
    const controller = new AbortController();
    const sleep = clock.sleep(10, controller.signal);
    controller.abort(new Error('enough'));
    await expect(sleep).rejects.toThrow('enough');
    await expect(clock.sleep(10, controller.signal)).rejects.toThrow('enough');
    expect(clock.nextWakeAt()).toBeNull();
  });

  it('never goes back', () => {
    const clock = createFakeClock();
    expect(() => clock.advance(-1)).toThrow(RangeError);
    expect(() => createFakeClock('no time')).toThrow(RangeError);
  });
});
