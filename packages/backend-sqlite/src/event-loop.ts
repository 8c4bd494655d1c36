import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Clock } from '@posthorn/core';

/** The most of one turn of the event loop that calls which follow each other may take. */
const MAX_TURN_MS = 8;

/**
 * Answers something to await after each synchronous piece of work. What never waits for anything from outside (a loop of
 * sends) goes on in one turn of the event loop, and no timer or socket is served: so it waits for the next turn when its
 * time in this one is up.
 */
export function eventLoop(clock: Clock): () => Promise<void> {
  let turnBeganAt: number | undefined;
  return async () => {
    if (turnBeganAt === undefined) {
      turnBeganAt = clock.now();
      setImmediate(() => {
        turnBeganAt = undefined;
      });
    } else if (clock.now() - turnBeganAt >= MAX_TURN_MS) {
      await nextTurn();
    }
  };
}
