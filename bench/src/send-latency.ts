import type { Bench } from './figure.ts';
import { percentile } from './percentile.ts';
import { runApart } from './run-apart.ts';
import { inTemporaryFolder } from './temporary-folder.ts';

/** What the process that sends is told. */
export interface LatencyJob {
  readonly folder: string;
  /** Sends, one after the other. */
  readonly sends: number;
  /** To how many customers a broadcast goes meanwhile. */
  readonly people: number;
}

/** From each call of `send` until the server saw DATA, in ms. */
export interface Latencies {
  readonly idle: number[];
  readonly busy: number[];
}

const SENDS = 500;
const PEOPLE = 20_000;
const ABOUT = 'from the call of send() until the mail server sees DATA';

/** One process, SQLite on disk, a mail server on loopback. */
export const sendLatency: Bench = {
  figures: [
    {
      name: 'send.latency',
      about: `p99 of ${SENDS} sends, ${ABOUT}; nothing else to do`,
      unit: 'ms',
      goal: { atMost: 25 },
    },
    {
      name: 'send.latency.busy',
      about: `the same while a broadcast to ${PEOPLE} people leaves by the same account`,
      unit: 'ms',
      goal: null,
    },
  ],
  rounds: 3,
  measure: () =>
    inTemporaryFolder(async (folder) => {
      const job: LatencyJob = { folder, sends: SENDS, people: PEOPLE };
      const { idle, busy } = await runApart<Latencies>('run-sends.ts', job);
      return [percentile(idle, 0.99), percentile(busy, 0.99)];
    }),
};
