import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Figure } from './figure.ts';

const run = promisify(execFile);
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

async function peakMemory(people: number): Promise<number> {
  const script = join(import.meta.dirname, 'list-and-report.ts');
  const { stdout } = await run(process.execPath, [
    '--expose-gc',
    ...process.execArgv,
    script,
    String(people),
  ]);
  return Number(stdout);
}
