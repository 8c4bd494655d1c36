import { join } from 'node:path';
import type { Figure } from './figure.ts';
import { runApart } from './run-apart.ts';
import { createCustomers } from './salon.ts';
import { inTemporaryFolder } from './temporary-folder.ts';

const FEW = 10_000;
const MANY = 100_000;

/** With garbage that was not collected yet, unlike `broadcast.planning.memory`: what a container has to have room for. */
export const broadcastMemory: Figure = {
  name: 'broadcast.memory',
  about: `the most resident memory while a broadcast to ${MANY} people is planned, listed and sent, minus that for ${FEW}`,
  unit: 'MB',
  goal: { atMost: 40 },
  rounds: 3,
  async measure() {
    const many = await peakMemory(MANY);
    return many - (await peakMemory(FEW));
  },
};

/** Of a process to which the customers are a file that is there already. */
function peakMemory(people: number): Promise<number> {
  return inTemporaryFolder(async (folder) => {
    createCustomers(join(folder, 'salon.db'), people).close();
    return runApart<number>('broadcast-and-report.ts', folder);
  });
}
