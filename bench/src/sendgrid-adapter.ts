import type { Bench } from './figure.ts';
import { openProviderSink } from './open-sink.ts';
import type { ProviderJob } from './provider-job.ts';
import { runApart } from './run-apart.ts';
import type { Spent } from './stopwatch.ts';

/** One request for each: enough to know, and each takes milliseconds. */
const SINGLE = { warmUp: 500, messages: 2_000, perRequest: 1 } as const;
const BATCH = { warmUp: 3_000, messages: 20_000, perRequest: 1_000 } as const;

/** The SendGrid adapter alone: what a mail costs after everything has been decided. */
export const sendgridAdapter: Bench = {
  figures: [
    {
      name: 'sendgrid.adapter.rate',
      about:
        'mails a second by the adapter alone, against @sendgrid/mail with hand-made personalizations of 1,000; loopback',
      unit: '× @sendgrid/mail',
      goal: { atLeast: 0.9 },
    },
    {
      name: 'sendgrid.adapter.single.rate',
      about: 'the same, against @sendgrid/mail one by one at its best concurrency',
      unit: '× @sendgrid/mail',
      goal: null,
    },
    {
      name: 'sendgrid.adapter.persecond',
      about: 'the adapter alone, in absolute terms',
      unit: 'mails/s',
      goal: null,
    },
  ],
  rounds: 3,
  async measure() {
    const batch = await send('send-sendgrid-by-library.ts', { ...BATCH, concurrency: 2 });
    const single = await sendSinglyByLibrary();
    const subject = await send('send-sendgrid-by-adapter.ts', { ...BATCH, concurrency: 1 });
    return [subject / batch, subject / single, subject];
  },
};

/** Mails a second by SendGrid's own library, a request for each, at the concurrency that suits it best. */
export async function sendSinglyByLibrary(): Promise<number> {
  const rates: number[] = [];
  for (const concurrency of [5, 20, 50]) {
    rates.push(await send('send-sendgrid-by-library.ts', { ...SINGLE, concurrency }));
  }
  return Math.max(...rates);
}

/** One run in a process of its own, to a sink of its own that has to have taken every mail. */
async function send(script: string, run: Omit<ProviderJob, 'port'>): Promise<number> {
  await using sink = await openProviderSink('plain');
  const job: ProviderJob = { port: sink.port, ...run };
  const { seconds } = await runApart<Spent>(script, job);
  await sink.hasTaken(run.warmUp + run.messages);
  return run.messages / seconds;
}
