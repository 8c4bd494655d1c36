import type { Figure } from './figure.ts';
import { runApart } from './run-apart.ts';

const FEW = 10_000;
const MANY = 100_000;

/** Each in a process of its own. Garbage is collected before each look: what counts is what is held on to. */
export const planningMemory: Figure = {
  name: 'broadcast.planning.memory',
  about: `the most live memory while the list for ${MANY} people is made, minus that for ${FEW}`,
  unit: 'MB',
  goal: { atMost: 10 },
  rounds: 3,
  async measure() {
    const many = await peakMemory(MANY);
    return many - (await peakMemory(FEW));
  },
};

function peakMemory(people: number): Promise<number> {
  return runApart<number>('list-and-report.ts', people, ['--expose-gc']);
}
