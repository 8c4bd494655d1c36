import type { Bench } from './figure.ts';
import { openPostgres } from './open-postgres.ts';
import { openRedis } from './open-redis.ts';
import { openSink } from './open-sink.ts';
import type { PipelineJob, PipelineRun } from './pipeline.ts';
import { runApart } from './run-apart.ts';
import type { MailWorkerJob } from './run-mail-worker.ts';
import type { Spent } from './stopwatch.ts';
import { inTemporaryFolder } from './temporary-folder.ts';

const PEOPLE = 10_000;
const PEER_WARM_UP = 2_000;

/** One worker, Postgres and Redis with the settings that they have by themselves. */
export const pipelinePostgres: Bench = {
  figures: [
    {
      name: 'pipeline.postgres.rate',
      about: `a broadcast to ${PEOPLE} customers on Postgres, from its start to the last outcome in the log, mails a second against a hand-built worker: BullMQ's jobs on Redis, rendered with liquidjs, sent by nodemailer's pool, nothing kept`,
      unit: '× BullMQ and nodemailer',
      goal: { atLeast: 3 },
    },
    {
      name: 'pipeline.postgres.persecond',
      about: 'the same in absolute terms',
      unit: 'mails/s',
      goal: null,
    },
    {
      name: 'pipeline.postgres.cpu',
      about: "processor time of Posthorn's process for a mail, Postgres's own not counted",
      unit: 'ms',
      goal: null,
    },
  ],
  rounds: 3,
  measure: () =>
    inTemporaryFolder(async (folder) => {
      const subject = await sendBroadcast(folder);
      const rate = subject.accepted / subject.seconds;
      const peer = await sendByHand(folder, subject.accepted);
      const cpuMs = (1_000 * subject.cpuSeconds) / subject.accepted;
      return [rate / (subject.accepted / peer.seconds), rate, cpuMs];
    }),
};

async function sendBroadcast(folder: string): Promise<PipelineRun> {
  await using postgres = await openPostgres();
  await using sink = await openSink();
  const databases = [await postgres.createDatabase(), await postgres.createDatabase()] as const;
  const job: PipelineJob = { folder, databases, people: PEOPLE, by: 'smtp', port: sink.port };
  const run = await runApart<PipelineRun>('run-pipeline.ts', job);
  await sink.hasTaken(run.sent);
  return run;
}

async function sendByHand(folder: string, mails: number): Promise<Spent> {
  await using redis = await openRedis(folder);
  await using sink = await openSink();
  const job: MailWorkerJob = { redis: redis.port, port: sink.port, warmUp: PEER_WARM_UP, mails };
  const spent = await runApart<Spent>('run-mail-worker.ts', job);
  await sink.hasTaken(PEER_WARM_UP + mails);
  return spent;
}
