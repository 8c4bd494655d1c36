import type { Bench } from './figure.ts';
import { openProviderSink } from './open-sink.ts';
import type { PipelineJob, PipelineRun } from './pipeline.ts';
import { runApart } from './run-apart.ts';
import { sendSinglyByLibrary } from './sendgrid-adapter.ts';
import { inTemporaryFolder } from './temporary-folder.ts';

const PEOPLE = 20_000;

/** The whole way by SendGrid; beside it, no more than handing ready mails to its library. */
export const pipelineSendgrid: Bench = {
  figures: [
    {
      name: 'pipeline.sendgrid.rate',
      about: `a broadcast to ${PEOPLE} customers by SendGrid on SQLite, from its start to the last outcome in the log; mails a second against @sendgrid/mail one by one at its best concurrency`,
      unit: '× @sendgrid/mail',
      goal: { atLeast: 8 },
    },
    {
      name: 'pipeline.sendgrid.persecond',
      about: 'the same in absolute terms',
      unit: 'mails/s',
      goal: null,
    },
  ],
  rounds: 3,
  async measure() {
    const peer = await sendSinglyByLibrary();
    const { accepted, seconds } = await inTemporaryFolder(sendBroadcast);
    return [accepted / seconds / peer, accepted / seconds];
  },
};

async function sendBroadcast(folder: string): Promise<PipelineRun> {
  await using sink = await openProviderSink('plain');
  const job: PipelineJob = { folder, people: PEOPLE, by: 'sendgrid', port: sink.port };
  const run = await runApart<PipelineRun>('run-pipeline.ts', job);
  await sink.hasTaken(run.sent);
  return run;
}
