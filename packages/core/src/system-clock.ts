import type { Clock } from './ports/index.ts';

/** Timers hold at most 2^31 − 1 ms; longer sleeps are made of several. */
const LONGEST_TIMER_MS = 2_147_483_647;

/** The system's time. Its sleeps do not keep a process alive. */
export const systemClock: Clock = {
  now: () => Date.now(),
  async sleep(delayMs, signal) {
    for (let leftMs = delayMs; ; leftMs -= LONGEST_TIMER_MS) {
      await timer(Math.min(Math.max(leftMs, 0), LONGEST_TIMER_MS), signal);
      if (leftMs <= LONGEST_TIMER_MS) return;
    }
  },
};

function timer(delayMs: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) {
      reject(signal.reason);
      return;
    }
    const abort = (): void => {
      clearTimeout(handle);
      reject(signal?.reason);
    };
    const handle = setTimeout(() => {
      signal?.removeEventListener('abort', abort);
      resolve();
    }, delayMs);
    handle.unref();
    signal?.addEventListener('abort', abort, { once: true });
  });
}
