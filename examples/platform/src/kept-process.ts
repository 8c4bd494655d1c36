import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';

export interface ProcessOptions {
  /** What people call it. */
  readonly name: string;
  readonly file: 'web.ts' | 'worker.ts';
  readonly env: Readonly<Record<string, string>>;
  say(line: string): void;
}

/** After this a process that was asked to end is killed: longer than a worker may take to hand back what it has. */
const PATIENCE_MS = 20_000;
/** Between two tries where it ends before it has begun: the database is away. */
const PAUSE_MS = 500;

/** What systemd, Kubernetes or your platform does: a process that runs, and whenever it ends another one in its place. */
export class KeptProcess {
  readonly name: string;
  readonly #options: ProcessOptions;
  #child: ChildProcess | undefined;
  #running: Promise<void> | undefined;
  #isEnding = false;

  constructor(options: ProcessOptions) {
    this.name = options.name;
    this.#options = options;
  }

  get pid(): number | undefined {
    return this.#child?.pid;
  }

  /** Resolves when it is at work. */
  async start(): Promise<void> {
    if (!(await this.#begin())) throw new Error(`The ${this.name} ended before it had begun.`);
  }

  /** Ends it in the hardest way there is. Resolves when the next one is at work. */
  async kill(): Promise<void> {
    await this.#replacedAfter('SIGKILL');
  }

  /** Asks it to end, as a deployment does. Resolves when the next one is at work. */
  async replace(): Promise<void> {
    await this.#replacedAfter('SIGTERM');
  }

  /** Resolves when it is gone, and stays so. */
  async end(): Promise<void> {
    this.#isEnding = true;
    const child = this.#child;
    if (child !== undefined && isAlive(child)) await ended(child);
    await this.#running;
  }

  async #replacedAfter(signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
    const child = this.#child;
    if (child === undefined || !isAlive(child)) return;
    const gone = once(child, 'exit');
    child.kill(signal);
    await gone;
    await this.#running;
  }

  async #begin(): Promise<boolean> {
    const { file, env } = this.#options;
    const child = fork(join(import.meta.dirname, file), {
      env: { ...process.env, ...env },
      stdio: ['ignore', 'inherit', 'pipe', 'ipc'],
    });
    this.#child = child;
    if (child.stderr !== null) createInterface(child.stderr).on('line', (line) => this.#say(line));
    const isReady = await Promise.race([
      once(child, 'message').then(() => true),
      once(child, 'exit').then(() => false),
    ]);
    if (isReady && isAlive(child)) child.once('exit', (code, signal) => this.#ended(code, signal));
    return isReady;
  }

  #ended(code: number | null, signal: NodeJS.Signals | null): void {
    if (this.#isEnding) return;
    const how = signal === null ? `has ended (exit code ${code})` : `was killed (${signal})`;
    this.#say(`${how}. Another one is started in its place.`);
    this.#running = this.#beginAgain();
  }

  #say(line: string): void {
    this.#options.say(`  [${this.name}] ${line}`);
  }

  async #beginAgain(): Promise<void> {
    while (!this.#isEnding) {
      if (await this.#begin()) {
        this.#say(`is at work again (process ${this.pid}).`);
        return;
      }
      await pause(PAUSE_MS);
    }
  }
}

async function ended(child: ChildProcess): Promise<void> {
  const gone = once(child, 'exit');
  const late = setTimeout(() => child.kill('SIGKILL'), PATIENCE_MS);
  child.kill('SIGTERM');
  await gone;
  clearTimeout(late);
}

function isAlive({ exitCode, signalCode }: ChildProcess): boolean {
  return exitCode === null && signalCode === null;
}
