import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Message, Posthorn } from '@posthorn/core';
import { type SmtpStep, type SmtpTestServer, startSmtpTestServer } from '@posthorn/testing';
import { expect, onTestFinished } from 'vitest';
import { openSalon } from './salon.test-kit.ts';

const WORKER = join(import.meta.dirname, 'worker.test-kit.ts');
const ADDRESS = /^customer-\d+@customers\.example$/;

/** A mail server that can keep everybody waiting for its last word. */
export interface SlowServer extends SmtpTestServer {
  /** Resolves once each of these has handed over a message whole that is not answered yet. */
  keepsWaiting(...names: readonly string[]): Promise<void>;
  /** Answers what waits; from now on everybody is answered at once. */
  answer(): void;
  /** Whom it took a message for that this process handed over. */
  takenFrom(name: string): readonly string[];
}

export async function startSlowServer(): Promise<SlowServer> {
  const names = new Map<number, string>();
  const waiting = new Set<string>();
  let answer = (): void => undefined;
  const answered = new Promise<void>((resolve) => {
    answer = resolve;
  });
  const script = async ({ verb, line, connection }: SmtpStep): Promise<undefined> => {
    if (verb === 'EHLO') names.set(connection, line.slice('EHLO '.length));
    if (verb !== 'MESSAGE') return;
    waiting.add(names.get(connection) ?? '');
    await answered;
  };
  const server = await startSmtpTestServer({ script });
  onTestFinished(() => server.close());
  return Object.assign(server, {
    keepsWaiting: (...wanted: readonly string[]) =>
      expect.poll(() => wanted.filter((name) => !waiting.has(name)), { timeout: 15_000 }).toEqual([]),
    answer: () => answer(),
    takenFrom: (name: string) =>
      server.steps
        .filter(({ verb, connection }) => verb === 'MESSAGE' && names.get(connection) === name)
        .flatMap(({ recipients }) => recipients),
  });
}

export interface Bench {
  /** The salon in this process, which works nothing. */
  readonly posthorn: Posthorn;
  /** Starts a process that works the queue; resolves when it does. */
  startWorker(name: string): Promise<ChildProcess>;
  /** Writes to so many customers, each a message of its own. */
  confirm(count: number): Promise<void>;
  /** All messages of the salon. */
  messages(): Promise<readonly Message[]>;
  /** Resolves once this is so of every message. */
  untilAll(isSo: (message: Message) => boolean): Promise<void>;
}

export async function openBench(server: SmtpTestServer): Promise<Bench> {
  const folder = mkdtempSync(join(tmpdir(), 'posthorn-processes-'));
  const file = join(folder, 'messages.db');
  const posthorn = openSalon({ file, port: server.port, name: 'host' });
  const workers: ChildProcess[] = [];
  onTestFinished(async () => {
    for (const worker of workers) await kill(worker);
    await posthorn.close();
    rmSync(folder, { recursive: true, force: true });
  });
  await posthorn.identities.save({ key: 'salon', channel: 'email', address: 'hello@salon.example' });
  const messages = async () => (await posthorn.messages.list({ limit: 500 })).items;

  return {
    posthorn,
    async startWorker(name) {
      const args = ['--conditions=@posthorn/source', WORKER, file, String(server.port), name];
      const worker = spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'inherit'] });
      workers.push(worker);
      const ended = once(worker, 'exit').then(() => Promise.reject(new Error(`${name} ended by itself.`)));
      await Promise.race([once(worker.stdout, 'data'), ended]);
      return worker;
    },
    async confirm(count) {
      for (let number = 1; number <= count; number += 1) {
        await posthorn.send({
          to: { email: `customer-${number}@customers.example` },
          email: { subject: 'See you', text: 'See you on Saturday.' },
        });
      }
    },
    messages,
    untilAll: (isSo) =>
      expect
        .poll(async () => (await messages()).filter((message) => !isSo(message)).length, {
          interval: 100,
          timeout: 40_000,
        })
        .toBe(0),
  };
}

/** Lets a worker end by itself, and answers its exit code. */
export async function dismiss(worker: ChildProcess): Promise<number | null> {
  worker.stdin?.end();
  if (worker.exitCode === null) await once(worker, 'exit');
  return worker.exitCode;
}

export async function kill(worker: ChildProcess): Promise<void> {
  if (worker.exitCode !== null || worker.signalCode !== null) return;
  worker.kill('SIGKILL');
  await once(worker, 'exit');
}

/** Every one of so many customers has had it once, as the server tells. */
export function expectEverybodyOnce(server: SmtpTestServer, count: number): void {
  const customers = server.taken.flatMap(({ to }) => to);
  for (const address of customers) expect(address).toMatch(ADDRESS);
  expect(new Set(customers).size).toBe(count);
  expect(customers).toHaveLength(count);
}
