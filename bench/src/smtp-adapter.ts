import { generateKeyPairSync } from 'node:crypto';
import type { Bench, FigureFacts } from './figure.ts';
import { openSink } from './open-sink.ts';
import type { SendJob } from './outgoing.ts';
import { runApart } from './run-apart.ts';
import type { Spent } from './stopwatch.ts';

const ROUNDS = 5;
const SUBJECT = 'send-by-adapter.ts';
const PEER = 'send-by-nodemailer.ts';
const LIMIT = 'send-raw.ts';
const WARM_UP = 2_000;
/** Rates are compared, so the quicker ones send more: each gets a second or two. */
const PEER_MAILS = 3_000;
const QUICK_MAILS = 15_000;

const PEER_IN_WORDS = "nodemailer's pool with ready texts; 5 connections each, loopback";

/** The SMTP adapter alone, unsigned: what a mail costs after everything has been decided. */
export const smtpAdapter: Bench = {
  figures: [
    {
      name: 'smtp.adapter.rate',
      about: `mails a second by the adapter alone, against ${PEER_IN_WORDS}`,
      unit: '× nodemailer',
      goal: { atLeast: 5 },
    },
    {
      name: 'smtp.adapter.cpu',
      about: `processor time of the sending process for a mail, against ${PEER_IN_WORDS}`,
      unit: '× nodemailer',
      goal: { atMost: 0.2 },
    },
    reported('smtp.adapter.persecond', 'the adapter alone, in absolute terms'),
    reported('smtp.nodemailer.persecond', PEER_IN_WORDS),
    reported('smtp.raw.persecond', 'ready bytes over bare sockets: more than that no sender can reach here'),
  ],
  rounds: ROUNDS,
  async measure() {
    const peer = await send(PEER, { mails: PEER_MAILS });
    const subject = await send(SUBJECT, { mails: QUICK_MAILS });
    const limit = await send(LIMIT, { mails: QUICK_MAILS });
    return [subject.rate / peer.rate, subject.cpu / peer.cpu, subject.rate, peer.rate, limit.rate];
  },
};

/** Both sign by the same key: an RSA signature costs as much as building the mail, or more. */
export const smtpAdapterDkim: Bench = {
  figures: [
    {
      name: 'smtp.adapter.dkim.rate',
      about: `the same, every mail signed by both (RSA, 2048 bits)`,
      unit: '× nodemailer',
      goal: null,
    },
  ],
  rounds: 3,
  async measure() {
    const { privateKey } = generateKeyPairSync('rsa', {
      modulusLength: 2048,
      publicKeyEncoding: { type: 'spki', format: 'pem' },
      privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    });
    const dkim = { domainName: 'example.com', keySelector: 'bench', privateKey };
    const peer = await send(PEER, { warmUp: 500, mails: 1_000, dkim });
    const subject = await send(SUBJECT, { warmUp: 500, mails: 1_000, dkim });
    return [subject.rate / peer.rate];
  },
};

/** A server that is far away: only its answers take time. */
export const smtpRoundTrip: Bench = {
  figures: [
    {
      name: 'smtp.rtt20.rate',
      about: `mails a second at a round trip of 20 ms, against ${PEER_IN_WORDS}`,
      unit: '× nodemailer',
      goal: { atLeast: 1 },
    },
  ],
  rounds: 3,
  async measure() {
    const job = { roundTripMs: 20, warmUp: 100, mails: 300 };
    const peer = await send(PEER, job);
    const subject = await send(SUBJECT, job);
    return [subject.rate / peer.rate];
  },
};

interface Run extends Omit<SendJob, 'port' | 'warmUp'> {
  readonly warmUp?: number;
  readonly roundTripMs?: number;
}

/** One run in a process of its own, to a sink of its own that has to have taken every mail. */
async function send(script: string, { roundTripMs = 0, warmUp = WARM_UP, ...rest }: Run) {
  await using sink = await openSink({ roundTripMs });
  const job: SendJob = { port: sink.port, warmUp, ...rest };
  const { seconds, cpuSeconds } = await runApart<Spent>(script, job);
  await sink.hasTaken(warmUp + rest.mails);
  return { rate: rest.mails / seconds, cpu: cpuSeconds / rest.mails };
}

function reported(name: string, about: string): FigureFacts {
  return { name, about, unit: 'mails/s', goal: null };
}
