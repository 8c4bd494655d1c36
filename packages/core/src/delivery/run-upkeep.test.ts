import { createFakeClock } from '@posthorn/testing';
import { expect, it, vi } from 'vitest';
import type { Context, Opened } from '../context.ts';
import type { RetentionRules, RetentionStep, RetentionStore } from '../ports/index.ts';
import { doUpkeep, startUpkeep } from './run-upkeep.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** A store with so many steps to do before the pass is over; a step that is an error fails. */
function createPass(steps: readonly (number | Error)[]) {
  const clock = createFakeClock();
  const asked: RetentionRules[] = [];
  let dueAt = clock.now();
  const retention = {
    dueAt: async () => dueAt,
    async step(rules: RetentionRules): Promise<RetentionStep> {
      const outcome = steps[asked.length] ?? 0;
      asked.push(rules);
      if (outcome instanceof Error) throw outcome;
      const isOver = asked.length >= steps.length;
      if (isOver) dueAt = rules.now + rules.pauseMs;
      return { redacted: 0, removed: outcome, nextAt: isOver ? dueAt : null };
    },
  } as Partial<RetentionStore> as RetentionStore;
  const error = vi.fn();
  const context = { clock, log: { debug() {}, info() {}, warn() {}, error } } as Partial<Context> as Context;
  return { clock, asked, error, context, opened: { store: { retention } } as Opened };
}

/** Moves the clock to whoever sleeps, until somebody sleeps for long, or nobody any more. */
async function passShortSleeps(clock: ReturnType<typeof createFakeClock>, longestMs: number): Promise<void> {
  for (;;) {
    await new Promise((resolve) => setImmediate(resolve));
    const wakeAt = clock.nextWakeAt();
    if (wakeAt === null || wakeAt - clock.now() > longestMs) return;
    clock.advance(Math.max(wakeAt - clock.now(), 0));
  }
}

it('a worker begins a pass soon, takes its steps one after the other, and the next pass an hour later', async () => {
  const { clock, asked, context, opened } = createPass([100, 100, 3]);
  const upkeep = startUpkeep(context, opened, 400);
  await passShortSleeps(clock, 60_000);
  expect(asked).toHaveLength(3);
  const lastAt = asked[2]?.now ?? 0;
  expect(asked[0]?.messagesBefore).toBe((asked[0]?.now ?? 0) - 400 * DAY_MS);
  clock.advance((clock.nextWakeAt() ?? 0) - clock.now());
  await passShortSleeps(clock, 60_000);
  expect(asked).toHaveLength(4);
  expect(asked[3]?.now).toBeGreaterThanOrEqual(lastAt + HOUR_MS);
  await upkeep.stop();
});

it('keeps messages for ever where no days were given', async () => {
  const { clock, asked, context, opened } = createPass([0]);
  const upkeep = startUpkeep(context, opened, null);
  await passShortSleeps(clock, 60_000);
  expect(asked[0]?.messagesBefore).toBeNull();
  await upkeep.stop();
});

it('a store that does not answer is asked again, and it is said', async () => {
  const { clock, asked, error, context, opened } = createPass([new Error('away'), 7]);
  const upkeep = startUpkeep(context, opened, 400);
  await passShortSleeps(clock, 60_000);
  expect(asked).toHaveLength(2);
  expect(error).toHaveBeenCalledOnce();
  await upkeep.stop();
});

it('whoever works only now and then does what is due, and no more when the time is up', async () => {
  const { clock, asked, context, opened } = createPass(Array.from({ length: 50 }, () => 100));
  const signal = new AbortController().signal;
  const done = doUpkeep(context, opened, 400, clock.now() + 100, signal);
  await passShortSleeps(clock, 60_000);
  await done;
  expect(asked.length).toBeGreaterThan(1);
  expect(asked.length).toBeLessThan(10);
});
