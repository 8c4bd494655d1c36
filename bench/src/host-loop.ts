import type { Bench } from './figure.ts';
import { openSink } from './open-sink.ts';
import { runApart } from './run-apart.ts';
import { inTemporaryFolder } from './temporary-folder.ts';

/** What the host's process is told. */
export interface HostJob {
  readonly folder: string;
  readonly people: number;
  /** Of the mail server. */
  readonly port: number;
}

/** How long its event loop was held, in ms. */
export interface Held {
  readonly p99: number;
  readonly max: number;
}

const PEOPLE = 20_000;
const ABOUT = `event-loop delay of a host that lists and sends a broadcast to ${PEOPLE} people over SMTP`;

/** In the host's own process: what a request to the host waits, at the worst, because a broadcast is on its way. */
export const hostLoop: Bench = {
  figures: [
    { name: 'host.loop', about: `p99 of the ${ABOUT}`, unit: 'ms', goal: { atMost: 20 } },
    { name: 'host.loop.max', about: `the longest ${ABOUT}`, unit: 'ms', goal: null },
  ],
  rounds: 3,
  measure: () =>
    inTemporaryFolder(async (folder) => {
      await using sink = await openSink();
      const job: HostJob = { folder, people: PEOPLE, port: sink.port };
      const { p99, max } = await runApart<Held>('run-host.ts', job);
      return [p99, max];
    }),
};
