import type { Bench } from './figure.ts';
import { openProviderSink } from './open-sink.ts';
import type { ProviderJob } from './provider-job.ts';
import { runApart } from './run-apart.ts';
import type { Spent } from './stopwatch.ts';

const RUN = { warmUp: 500, perRequest: 1, concurrency: 50 } as const;
/** Rates are compared, so the quicker one sends more. */
const PEER_MESSAGES = 2_000;
const MESSAGES = 8_000;

/** The SMS adapter alone. */
export const smsAdapter: Bench = {
  figures: [
    {
      name: 'sms.adapter.rate',
      about:
        "text messages a second by the adapter alone, against twilio's messages.create at a concurrency of 50; both over TLS, loopback",
      unit: '× twilio',
      goal: { atLeast: 2.5 },
    },
    {
      name: 'sms.adapter.persecond',
      about: 'the adapter alone, in absolute terms',
      unit: 'messages/s',
      goal: null,
    },
  ],
  rounds: 3,
  async measure() {
    const peer = await send('send-sms-by-library.ts', PEER_MESSAGES);
    const subject = await send('send-sms-by-adapter.ts', MESSAGES);
    return [subject / peer, subject];
  },
};

/** One run in a process of its own, to a sink of its own that has to have taken every message. */
async function send(script: string, messages: number): Promise<number> {
  await using sink = await openProviderSink('tls');
  const job: ProviderJob = { port: sink.port, messages, ...RUN };
  const { seconds } = await runApart<Spent>(script, job);
  await sink.hasTaken(RUN.warmUp + messages);
  return messages / seconds;
}
