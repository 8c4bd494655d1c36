import type { Bench } from './figure.ts';
import { makeLog } from './make-log.ts';
import { percentile } from './percentile.ts';
import { runApart } from './run-apart.ts';
import { keepTemporaryFolder } from './temporary-folder.ts';

/** What each call took, in ms. */
export interface LogTimes {
  readonly timeline: number[];
  readonly recipient: number[];
}

/** Made once: it takes the longest. */
let log: Promise<string> | undefined;

/** What somebody at the counter waits for who looks a customer up. */
export const logLatency: Bench = {
  figures: [
    {
      name: 'log.timeline',
      about: 'p99 of messages.timeline(id) for random messages, in a log of 1,000,000',
      unit: 'ms',
      goal: { atMost: 2 },
    },
    {
      name: 'log.recipient',
      about:
        'p99 of messages.list({ recipient }) for random people, of whom each has 50 messages in that log',
      unit: 'ms',
      goal: { atMost: 2 },
    },
  ],
  rounds: 3,
  async measure() {
    log ??= keepTemporaryFolder(makeLog);
    const { timeline, recipient } = await runApart<LogTimes>('run-log.ts', await log);
    return [percentile(timeline, 0.99), percentile(recipient, 0.99)];
  },
};
