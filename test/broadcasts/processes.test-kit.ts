import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { DatabaseSync } from 'node:sqlite';
import type { BroadcastProgress, Posthorn } from '@posthorn/core';
import { type SmtpTestServer, startSmtpTestServer } from '@posthorn/testing';
import { expect, onTestFinished } from 'vitest';
import { openFolder } from '../database.test-kit.ts';
import { openClub } from './club.test-kit.ts';

const WORKER = join(import.meta.dirname, 'worker.test-kit.ts');
const WATCHER = join(import.meta.dirname, 'watcher.test-kit.ts');

/** A process that works the club's queue. */
export class Worker {
  readonly #child: ChildProcess;
  #said: readonly string[] = [];
  #heard: () => void = () => undefined;

  constructor(child: ChildProcess) {
    this.#child = child;
    if (child.stdout === null) throw new Error('The worker says nothing.');
    createInterface({ input: child.stdout }).on('line', (line) => {
      this.#said = [...this.#said, line];
      this.#heard();
    });
  }

  /** How many pages of members it has begun to read. */
  get pages(): number {
    return this.#said.filter((line) => line === 'page').length;
  }

  /** Resolves once it works. */
  begun(): Promise<void> {
    return this.#hears('working');
  }

  /** Has it start a plan, too. */
  start(id: string): Promise<void> {
    this.#child.stdin?.write(`${id}\n`);
    return this.#hears('started');
  }

  async #hears(word: string): Promise<void> {
    while (!this.#said.includes(word)) {
      await new Promise<void>((resolve) => {
        this.#heard = resolve;
      });
    }
  }

  async kill(): Promise<void> {
    if (this.hasEnded) return;
    this.#child.kill('SIGKILL');
    await once(this.#child, 'exit');
  }

  /** Lets it end by itself, and answers its exit code. */
  async dismiss(): Promise<number | null> {
    this.#child.stdin?.end();
    if (!this.hasEnded) await once(this.#child, 'exit');
    return this.#child.exitCode;
  }

  get hasEnded(): boolean {
    return this.#child.exitCode !== null || this.#child.signalCode !== null;
  }
}

export interface ClubHouse {
  readonly server: SmtpTestServer;
  /** The club in this process, which works nothing. */
  readonly posthorn: Posthorn;
  /** Starts a process that works the queue; resolves when it does. */
  startWorker(): Promise<Worker>;
  /** Starts a process that watches a broadcast so many times, and answers what it saw once it has ended by itself. */
  watch(id: string, looks?: number): Promise<readonly BroadcastProgress[]>;
  /** The one number that a query answers, asked past Posthorn. */
  number(sql: string): number;
  /** To whom the server took a message, one by one. */
  taken(): readonly string[];
}

/** A club on a file of its own, and its mail server; processes come and go. */
export async function openClubHouse(members: number): Promise<ClubHouse> {
  const server = await startSmtpTestServer();
  const file = join(openFolder(), 'messages.db');
  const posthorn = openClub({ database: file, port: server.port, members });
  const place = [file, String(server.port), String(members)];
  const workers: Worker[] = [];
  onTestFinished(async () => {
    for (const worker of workers) await worker.kill();
    await posthorn.close();
    await server.close();
  });
  await posthorn.identities.save({ key: 'club', channel: 'email', address: 'hello@club.example' });
  return {
    server,
    posthorn,
    async startWorker() {
      const args = ['--conditions=@posthorn/source', WORKER, ...place];
      const worker = new Worker(spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'inherit'] }));
      workers.push(worker);
      await worker.begun();
      return worker;
    },
    async watch(id, looks = 0) {
      const args = ['--conditions=@posthorn/source', WATCHER, ...place, id, String(looks)];
      const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
      onTestFinished(() => void child.kill('SIGKILL'));
      const lines: string[] = [];
      createInterface({ input: child.stdout }).on('line', (line) => lines.push(line));
      const [code] = await once(child, 'close');
      expect(code).toBe(0);
      return lines.map((line) => JSON.parse(line));
    },
    number(sql) {
      const database = new DatabaseSync(file, { readOnly: true });
      try {
        return Number(database.prepare(sql).get()?.n);
      } finally {
        database.close();
      }
    },
    taken: () => server.taken.flatMap(({ to }) => to),
  };
}

/** Resolves once it is so. */
export async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
  await expect.poll(async () => isSo(), { interval: 5, timeout: 30_000 }).toBe(true);
}
