import { expect, it } from 'vitest';
import type { Clock } from './ports/index.ts';
import { createSharedClock } from './shared-clock.ts';

const NOON = Date.UTC(2026, 10, 27, 12);
const MINUTE = 60_000;

/** A machine whose clock a test sets, and a state whose time it may differ from. */
function aMachine({ aheadMs = 0, answerTakesMs = 0 } = {}) {
  const warnings: string[] = [];
  const own: Clock & { at: number } = {
    at: NOON + aheadMs,
    now: () => own.at,
    sleep: async (): Promise<void> => undefined,
  };
  const state = { at: NOON, asked: 0, answers: true };
  const clock = createSharedClock(own, {
    debug() {},
    info() {},
    error() {},
    warn: (text) => warnings.push(text),
  });
  const ask = async () => {
    state.asked += 1;
    if (!state.answers) throw new Error('It does not answer.');
    own.at += answerTakesMs;
    state.at += answerTakesMs / 2;
    const answer = state.at;
    state.at += answerTakesMs / 2;
    return answer;
  };
  const pass = (ms: number) => {
    own.at += ms;
    state.at += ms;
  };
  /** What is asked beside the call that has it asked. */
  const answered = () => new Promise((resolve) => setImmediate(resolve));
  return { own, state, clock, ask, pass, answered, warnings };
}

it('is the own clock where there is no state to go by', () => {
  const { clock } = aMachine();
  expect(clock.now()).toBe(NOON);
});

it.each([5 * MINUTE, -5 * MINUTE])(
  'goes by the state where its own clock is %d ms ahead, and says so once',
  async (aheadMs) => {
    const { clock, ask, pass, answered, warnings } = aMachine({ aheadMs });
    await clock.follow(ask);
    expect(clock.now()).toBe(NOON);
    pass(MINUTE);
    expect(clock.now()).toBe(NOON + MINUTE);
    await answered();
    expect(clock.now()).toBe(NOON + MINUTE);
    expect(warnings).toHaveLength(1);
  },
);

it('leaves small differences, and what a slow answer may explain', async () => {
  const close = aMachine({ aheadMs: 900 });
  await close.clock.follow(close.ask);
  expect(close.clock.now()).toBe(NOON + 900);
  const slow = aMachine({ aheadMs: 1_900, answerTakesMs: 2_000 });
  await slow.clock.follow(slow.ask);
  expect(slow.clock.now()).toBe(NOON + 1_900 + 2_000);
  expect([...close.warnings, ...slow.warnings]).toEqual([]);
});

it('notices within seconds that its clock was set, forward or back', async () => {
  const { own, state, clock, ask, answered } = aMachine();
  await clock.follow(ask);
  for (const jumpMs of [5 * MINUTE, -60 * MINUTE]) {
    own.at += jumpMs;
    clock.now();
    await answered();
    expect(clock.now()).toBe(state.at);
  }
});

it('asks no more often than every ten seconds, and not beside an answer that is awaited', async () => {
  const { state, clock, ask, pass, answered } = aMachine();
  await clock.follow(ask);
  for (let call = 0; call < 100; call += 1) clock.now();
  expect(state.asked).toBe(1);
  pass(10_000);
  for (let call = 0; call < 100; call += 1) clock.now();
  await answered();
  expect(state.asked).toBe(2);
});

it('goes on by what it knew while the state does not answer', async () => {
  const { state, clock, ask, pass, answered } = aMachine({ aheadMs: 5 * MINUTE });
  await clock.follow(ask);
  state.answers = false;
  pass(MINUTE);
  clock.now();
  await answered();
  expect(clock.now()).toBe(NOON + MINUTE);
});
