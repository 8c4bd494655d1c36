import type { Clock } from '@posthorn/core';

/** A clock that stands still until a test moves it. No real timer is behind it. */
export interface FakeClock extends Clock {
  /** When the earliest sleeper wakes; null while nobody sleeps. */
  nextWakeAt(): number | null;
  /**
   * Moves the time on by so many milliseconds, at once: everybody whose time has come wakes, the earliest first. Whoever
   * sleeps again, sleeps from the new time.
   */
  advance(delayMs: number): void;
}

interface Sleeper {
  readonly wakeAt: number;
  wake(): void;
}

/**
 * A clock for tests. It begins at `startAt` (ms since the epoch, or a date), or on 1 January 2026 at noon UTC.
 *
 * @example
 * ```ts
 * import { createFakeClock } from '@posthorn/testing';
 *
 * const clock = createFakeClock('2026-11-27T09:00:00Z');
 * const rung = clock.sleep(60_000);
 * clock.advance(60_000);
 * await rung;
 * new Date(clock.now()).toISOString(); // '2026-11-27T09:01:00.000Z'
 * ```
 */
export function createFakeClock(startAt: number | string | Date = '2026-01-01T12:00:00Z'): FakeClock {
  let now = new Date(startAt).getTime();
  if (Number.isNaN(now))
    throw new RangeError('The clock needs a time to start at, such as 2026-01-01T12:00:00Z.');
  const sleepers = new Set<Sleeper>();
  const earliest = (): Sleeper | undefined => [...sleepers].sort((a, b) => a.wakeAt - b.wakeAt)[0];

  return {
    now: () => now,
    nextWakeAt: () => earliest()?.wakeAt ?? null,
    sleep(delayMs, signal) {
      return new Promise((resolve, reject) => {
        if (signal?.aborted) {
          reject(signal.reason);
          return;
        }
        const abort = (): void => {
          sleepers.delete(sleeper);
          reject(signal?.reason);
        };
        const sleeper: Sleeper = {
          wakeAt: now + Math.max(delayMs, 0),
          wake() {
            sleepers.delete(sleeper);
            signal?.removeEventListener('abort', abort);
            resolve();
          },
        };
        signal?.addEventListener('abort', abort, { once: true });
        // Nobody has to move the clock for a sleep that is no sleep.
        if (sleeper.wakeAt <= now) queueMicrotask(sleeper.wake);
        sleepers.add(sleeper);
      });
    },
    advance(delayMs) {
      if (!(delayMs >= 0 && delayMs < Number.POSITIVE_INFINITY)) {
        throw new RangeError('A clock moves on by a number of milliseconds, 0 or more.');
      }
      now += delayMs;
      for (let next = earliest(); next !== undefined && next.wakeAt <= now; next = earliest()) next.wake();
    },
  };
}
