import type { Clock } from '@posthorn/core';
import { keepAlive } from '@posthorn/store-sql';
import { isBusy } from './sqlite-error.ts';

const MAX_WAIT_MS = 5_000;
const MAX_PAUSE_MS = 25;

/**
 * Tries again while somebody else holds the write lock, for about five seconds: between tries the event loop is free,
 * which SQLite's own busy handler would block. Then the last error is thrown. The first try is made before it returns.
 * What was slept is counted, as the time of day may leap.
 */
export async function retryBusy<R>(clock: Clock, attempt: () => R): Promise<R> {
  let sleptMs = 0;
  for (let tries = 0; ; tries += 1) {
    try {
      return attempt();
    } catch (error) {
      if (!isBusy(error) || sleptMs >= MAX_WAIT_MS) throw error;
    }
    sleptMs += await pause(clock, tries);
  }
}

/** Longer each time; with jitter, or two processes that collided would collide again. Answers how long. */
async function pause(clock: Clock, tries: number): Promise<number> {
  const delayMs = 1 + Math.random() * Math.min(2 ** tries, MAX_PAUSE_MS);
  const letGo = keepAlive();
  try {
    await clock.sleep(delayMs);
  } finally {
    letGo();
  }
  return delayMs;
}
