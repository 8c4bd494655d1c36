import type { Clock, Log } from './ports/index.ts';

/** How often at most the state is asked for its time, and so how long a clock that was set wrong goes unnoticed. */
const ASK_EVERY_MS = 10_000;
/** Differences below this are nobody's trouble, and would only have the time jump. */
const TOLERANCE_MS = 1_000;

/**
 * The process's clock, set by that of the state which it shares with other processes, where the state has one. A process
 * whose own clock is wrong so sends nothing early, and no limit is spent twice.
 */
export interface SharedClock extends Clock {
  /** From now on the time is set by what `ask` answers, in ms since the epoch. Resolves once it was asked, or failed to answer. */
  follow(ask: () => Promise<number>): Promise<void>;
}

export function createSharedClock(own: Clock, log: Log): SharedClock {
  let ask: (() => Promise<number>) | undefined;
  let asking: Promise<void> | undefined;
  let askedAt = 0;
  let offsetMs = 0;

  const measure = async (question: () => Promise<number>): Promise<void> => {
    const before = own.now();
    askedAt = before;
    try {
      const shared = await question();
      const after = own.now();
      set(shared - (before + after) / 2, Math.abs(after - before));
    } catch {
      // A state that does not answer is everybody's trouble soon; until then the last offset is the best there is.
    }
  };

  const set = (measuredMs: number, tookMs: number): void => {
    const next = Math.abs(measuredMs) <= TOLERANCE_MS + tookMs / 2 ? 0 : Math.round(measuredMs);
    if (next !== 0 && offsetMs === 0) {
      log.warn("This machine's clock differs from the database's, which is used in its place.", {
        behindMs: next,
      });
    }
    offsetMs = next;
  };

  const askAgain = (): void => {
    if (ask === undefined || asking !== undefined) return;
    // A clock that was set back asks at once, too.
    if (Math.abs(own.now() - askedAt) < ASK_EVERY_MS) return;
    asking = measure(ask).finally(() => {
      asking = undefined;
    });
  };

  return {
    now() {
      askAgain();
      return own.now() + offsetMs;
    },
    sleep: (delayMs, signal) => own.sleep(delayMs, signal),
    async follow(question) {
      ask = question;
      await measure(question);
    },
  };
}
