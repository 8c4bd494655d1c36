import { join } from 'node:path';
import type { Bench, Figure } from './figure.ts';
import { openRedis } from './open-redis.ts';
import { openSink } from './open-sink.ts';
import type { SendJob } from './outgoing.ts';
import { runApart } from './run-apart.ts';
import type { Spent } from './stopwatch.ts';
import { inTemporaryFolder } from './temporary-folder.ts';
import { writeAgain } from './write-again.ts';

/** What a process that sends a broadcast is told. */
export interface PipelineJob {
  readonly folder: string;
  /** Two URLs of Postgres, for the warm-up and for what is measured. SQLite in the folder where there are none. */
  readonly databases?: readonly [string, string];
  /** Customers; every tenth has no address, and gets no message. */
  readonly people: number;
  /** `nothing`: an adapter that accepts everything at once. */
  readonly by: 'smtp' | 'sendgrid' | 'nothing';
  /** Of the server that they are sent to. */
  readonly port: number;
}

/** What it answers. */
export interface PipelineRun {
  /** The database that it leaves: a file of SQLite, or a URL of Postgres. */
  readonly database: string;
  /** Messages of the broadcast. */
  readonly accepted: number;
  /** Messages in all, those before the broadcast too. */
  readonly sent: number;
  /** From the start of the broadcast until the last message was accepted in the log. */
  readonly seconds: number;
  readonly cpuSeconds: number;
}

const PEER_JOB = { warmUp: 2_000, mails: 3_000 } as const;
const SMTP_PEOPLE = 20_000;
const NOOP_PEOPLE = 40_000;
const BULLMQ_PEOPLE = 20_000;

/** The whole way with the default settings of everything; beside it, no more than handing ready mails to nodemailer. */
export const pipelineSqlite: Bench = {
  figures: [
    {
      name: 'pipeline.sqlite.rate',
      about: `a broadcast to ${SMTP_PEOPLE} customers, from its start to the last outcome in the log: listed, rendered, stored, sent over SMTP, settled; mails a second against nodemailer's pool with ready texts`,
      unit: '× nodemailer',
      goal: { atLeast: 4 },
    },
    {
      name: 'pipeline.sqlite.cpu',
      about: 'processor time of the process for a mail of the same',
      unit: '× nodemailer',
      goal: null,
    },
    {
      name: 'pipeline.sqlite.persecond',
      about: 'the same in absolute terms',
      unit: 'mails/s',
      goal: null,
    },
  ],
  rounds: 3,
  async measure() {
    const peer = await sendByNodemailer();
    const subject = await inTemporaryFolder((folder) => sendBroadcast(folder, SMTP_PEOPLE));
    const rate = subject.accepted / subject.seconds;
    const cpu = subject.cpuSeconds / subject.accepted;
    return [rate / (PEER_JOB.mails / peer.seconds), cpu / (peer.cpuSeconds / PEER_JOB.mails), rate];
  },
};

/** What is left of the way without a network: our own work, and the disk's. */
export const pipelineNoop: Bench = {
  figures: [
    {
      name: 'pipeline.noop.rate',
      about: `the same broadcast to ${NOOP_PEOPLE} customers by an adapter that accepts at once, 500 in its window, against raw writes of the same rows by node:sqlite`,
      unit: '× raw writes',
      goal: { atLeast: 0.4 },
    },
    {
      name: 'pipeline.noop.persecond',
      about: 'the same in absolute terms',
      unit: 'messages/s',
      goal: null,
    },
  ],
  rounds: 3,
  measure: () =>
    inTemporaryFolder(async (folder) => {
      const subject = await acceptBroadcast(folder, NOOP_PEOPLE);
      const rawSeconds = writeAgain(subject.database, join(folder, 'raw.db'));
      return [rawSeconds / subject.seconds, subject.accepted / subject.seconds];
    }),
};

/** A queue that many hosts would build this on, doing nothing else. */
export const pipelineBullmq: Figure = {
  name: 'pipeline.bullmq.rate',
  about: `the same broadcast to ${BULLMQ_PEOPLE} customers, against BullMQ running as many empty jobs on Redis`,
  unit: '× BullMQ',
  goal: { atLeast: 3 },
  rounds: 3,
  measure: () =>
    inTemporaryFolder(async (folder) => {
      await using redis = await openRedis(folder);
      const subject = await acceptBroadcast(folder, BULLMQ_PEOPLE);
      const job = { port: redis.port, jobs: subject.accepted };
      const peer = await runApart<Spent>('run-bullmq.ts', job);
      return peer.seconds / subject.seconds;
    }),
};

async function sendByNodemailer(): Promise<Spent> {
  await using sink = await openSink();
  const job: SendJob = { port: sink.port, ...PEER_JOB };
  const spent = await runApart<Spent>('send-by-nodemailer.ts', job);
  await sink.hasTaken(PEER_JOB.warmUp + PEER_JOB.mails);
  return spent;
}

async function sendBroadcast(folder: string, people: number): Promise<PipelineRun> {
  await using sink = await openSink();
  const job: PipelineJob = { folder, people, by: 'smtp', port: sink.port };
  const run = await runApart<PipelineRun>('run-pipeline.ts', job);
  await sink.hasTaken(run.sent);
  return run;
}

function acceptBroadcast(folder: string, people: number): Promise<PipelineRun> {
  const job: PipelineJob = { folder, people, by: 'nothing', port: 0 };
  return runApart<PipelineRun>('run-pipeline.ts', job);
}
