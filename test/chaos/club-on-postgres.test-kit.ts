import { spawn } from 'node:child_process';
import { join } from 'node:path';
import type { Posthorn } from '@posthorn/core';
import type { PostgresServer } from '@posthorn/postgres-server';
import { type SmtpTestServer, type SmtpTestServerOptions, startSmtpTestServer } from '@posthorn/testing';
import { Client } from 'pg';
import { onTestFinished } from 'vitest';
import { openClub } from '../broadcasts/club.test-kit.ts';
import { Worker } from '../broadcasts/processes.test-kit.ts';

const WORKER = join(import.meta.dirname, '..', 'broadcasts', 'worker.test-kit.ts');

/** A club on a database of its own, and its mail server; processes come, go, and are killed. */
export interface Club {
  readonly url: string;
  readonly mail: SmtpTestServer;
  /** The club in this process, which works nothing. */
  readonly posthorn: Posthorn;
  /** Starts a process that works the queue, and whose clock is so far ahead; resolves when it does. */
  startWorker(aheadMs?: number): Promise<Worker>;
  /** The club as another process would see it, by another way to the database if one is named. */
  open(by?: string): Posthorn;
  /** To whom the mail server took a message, one by one. */
  taken(): readonly string[];
  /** The rows that a query answers, asked past Posthorn. */
  rows<R>(sql: string): Promise<readonly R[]>;
}

interface ClubOptions {
  readonly members?: number;
  readonly script?: SmtpTestServerOptions['script'];
}

export async function openClubOn(
  server: PostgresServer,
  { members = 0, script }: ClubOptions = {},
): Promise<Club> {
  const url = await server.createDatabase();
  const mail = await startSmtpTestServer(script === undefined ? {} : { script });
  const place = { database: url, port: mail.port, members };
  const opened: Posthorn[] = [];
  const workers: Worker[] = [];
  const open = (by = url): Posthorn => {
    const posthorn = openClub({ ...place, database: by });
    opened.push(posthorn);
    return posthorn;
  };
  const posthorn = open();
  onTestFinished(async () => {
    for (const worker of workers) await worker.kill();
    for (const one of opened) await one.close();
    await mail.close();
  }, 60_000);
  await posthorn.identities.save({ key: 'club', channel: 'email', address: 'hello@club.example' });
  return {
    url,
    mail,
    posthorn,
    open,
    async startWorker(aheadMs = 0) {
      const args = ['--conditions=@posthorn/source', WORKER, url, `${mail.port}`, `${members}`, `${aheadMs}`];
      const worker = new Worker(spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'inherit'] }));
      workers.push(worker);
      await worker.begun();
      return worker;
    },
    taken: () => mail.taken.flatMap(({ to }) => to),
    async rows<R>(sql: string) {
      const client = new Client(url);
      await client.connect();
      try {
        return (await client.query(sql)).rows as R[];
      } finally {
        await client.end();
      }
    },
  };
}

export const LETTER = {
  email: { subject: 'Dear {{ member.number }}', text: 'The club is closed on Friday, {{ member.number }}.' },
} as const;
