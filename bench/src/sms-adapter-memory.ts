import type { Figure } from './figure.ts';
import { openProviderSink } from './open-sink.ts';
import { runApart } from './run-apart.ts';

const FEW = 2_000;
const MANY = 20_000;

/** Each in a process of its own. Garbage is collected before each look: what counts is what is held on to. */
export const smsAdapterMemory: Figure = {
  name: 'sms.adapter.memory',
  about: `the most live memory while the SMS adapter alone sends ${MANY} messages, minus that for ${FEW}`,
  unit: 'MB',
  goal: { atMost: 2 },
  rounds: 3,
  async measure() {
    const many = await peakMemory(MANY);
    return many - (await peakMemory(FEW));
  },
};

async function peakMemory(messages: number): Promise<number> {
  await using sink = await openProviderSink('tls');
  const most = await runApart<number>('send-sms-and-report.ts', { port: sink.port, messages }, [
    '--expose-gc',
  ]);
  await sink.hasTaken(messages);
  return most;
}
