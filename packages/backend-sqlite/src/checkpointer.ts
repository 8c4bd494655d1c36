import { Worker } from 'node:worker_threads';
import type { Log } from '@posthorn/core';
import type { OwnDatabase } from './connection.ts';

/** Rows that change before the log is looked after; in a burst about as many pages. */
const CHANGES = 1_000;
/** What changes more slowly is left to SQLite: a thread weighs about 17 MB. */
const BURST_MS = 2_000;
/** A thread with nothing to do for so long ends. */
const IDLE_MS = 10_000;
/** From how many pages on a commit does it itself: SQLite's own default, and where we have a thread that may fall behind. */
const DEFAULT_PAGES = 1_000;
const LAST_RESORT_PAGES = 16_000;

/**
 * What the thread runs: as text, so that a host's bundler cannot lose it. While commits go on, a checkpoint is behind again
 * as soon as it ends, and the log grows until one has caught up: so it tries a few times.
 */
const THREAD = `
const { parentPort, workerData: { file, idleMs } } = require('node:worker_threads');
const { DatabaseSync } = require('node:sqlite');
const database = new DatabaseSync(file, { timeout: 0 });
const checkpoint = database.prepare('pragma wal_checkpoint(passive)');
const end = () => {
  clearTimeout(idle);
  database.close();
  parentPort.close();
};
const idle = setTimeout(end, idleMs);
parentPort.on('message', (isOver) => {
  if (isOver) return end();
  for (let tries = 0; tries < 3; tries += 1) {
    const { log, checkpointed } = checkpoint.get();
    if (log === checkpointed) break;
  }
  idle.refresh();
  parentPort.postMessage('done');
});
`;

/**
 * Has the write-ahead log copied into the database on a thread of its own while much is written. SQLite would do it within
 * a commit, on the host's event loop: a thousand pages, and the disk is waited for twice.
 *
 * Only for databases that node:sqlite opens: two copies of SQLite in one process do not see each other's locks.
 */
export class Checkpointer {
  readonly #file: string;
  readonly #database: OwnDatabase;
  readonly #log: Log;
  readonly #changes: () => number;
  #thread: { readonly worker: Worker; readonly ended: Promise<void> } | undefined;
  #isBusy = false;
  #isUsable = true;
  #isClosed = false;
  #lookedAfter = 0;
  /** Of the machine, not the host's clock: how fast is it written? */
  #lookedAfterAt = Number.NEGATIVE_INFINITY;

  constructor(file: string, database: OwnDatabase, log: Log) {
    this.#file = file;
    this.#database = database;
    this.#log = log;
    const total = database.prepare('select total_changes() as changes');
    this.#changes = () => (total.all()[0] as { changes: number }).changes;
  }

  /** After a commit. Never throws, as what was written is written. */
  look(): void {
    if (this.#isBusy || !this.#isUsable) return;
    try {
      this.#look();
    } catch (error) {
      this.#giveUp(error);
    }
  }

  /** Resolves when the thread has let go of the file. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#isUsable = false;
    if (this.#thread === undefined) return;
    const { worker, ended } = this.#thread;
    // Nothing else may keep the process alive until then.
    worker.ref();
    worker.postMessage(true);
    await ended;
  }

  #look(): void {
    const changes = this.#changes();
    if (changes - this.#lookedAfter < CHANGES) return;
    this.#lookedAfter = changes;
    const now = performance.now();
    const isBurst = now - this.#lookedAfterAt < BURST_MS;
    this.#lookedAfterAt = now;
    if (this.#thread === undefined && isBurst) this.#thread = this.#start();
    if (this.#thread === undefined) return;
    this.#isBusy = true;
    this.#thread.worker.postMessage(false);
  }

  #start() {
    const worker = new Worker(THREAD, {
      eval: true,
      workerData: { file: this.#file, idleMs: IDLE_MS },
      // node:sqlite is announced as experimental by some versions, once for every thread.
      execArgv: ['--disable-warning=ExperimentalWarning'],
    });
    worker.unref();
    this.#commitAlone(LAST_RESORT_PAGES);
    worker.on('message', () => {
      this.#isBusy = false;
    });
    worker.on('error', (error) => this.#giveUp(error));
    const ended = new Promise<void>((resolve) => {
      worker.on('exit', () => {
        this.#thread = undefined;
        this.#isBusy = false;
        if (!this.#isClosed) this.#commitAlone(DEFAULT_PAGES);
        resolve();
      });
    });
    return { worker, ended };
  }

  #giveUp(error: unknown): void {
    this.#isUsable = false;
    const cause = error instanceof Error ? error.message : String(error);
    this.#log.warn('The write-ahead log is copied within commits from now on.', { error: cause });
  }

  #commitAlone(pages: number): void {
    this.#database.exec(`pragma wal_autocheckpoint = ${pages}`);
  }
}
