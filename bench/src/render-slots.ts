import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Figure } from './figure.ts';

const run = promisify(execFile);

/** Nothing public renders slots and does no more: core has the script, and this starts it, in a process of its own. */
const SCRIPT = './templates/render-slots.test-bench.ts';

export const renderSlotsRate: Figure = {
  name: 'render.slots.rate',
  about:
    'the slots of a mail, HTML of 5 kB and text, against plain liquidjs rendering all of it, parsed once',
  unit: '× liquidjs',
  goal: { atLeast: 5 },
  rounds: 5,
  async measure() {
    const script = new URL(SCRIPT, import.meta.resolve('@posthorn/core'));
    const { stdout } = await run(process.execPath, [...process.execArgv, fileURLToPath(script)]);
    return Number(stdout);
  },
};
