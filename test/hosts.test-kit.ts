import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sqlite } from '@posthorn/backend-sqlite';
import {
  type Adapter,
  type Backend,
  type Clock,
  createPosthorn,
  type Envelope,
  type Log,
  type OpenedBackend,
  type Outcome,
  type Posthorn,
  type PosthornOptions,
} from '@posthorn/core';
import { createFakeClock, recordingAdapter } from '@posthorn/testing';

/**
 * Several processes of one host on one database, played in one: each can freeze between any two of its calls to the
 * database, for a while (a long pause of the garbage collector, a closed laptop) or for good (SIGKILL).
 */

export const WINDOW = 3;
export const SECRETS = { current: 'k1', keys: { k1: 'abcdefghijklmnopqrstuvwxyz0123456789' } };
const QUIET: Log = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };

/** What the other side saw and answered. */
export interface Arrival {
  readonly messageId: string;
  readonly to: string;
  readonly attempt: number;
  readonly outcome: Outcome;
}

/** Everything that a process does passes here. */
export class Gate {
  #closed: Promise<void> | undefined;
  #open: () => void = () => {};
  #callsLeft = Number.POSITIVE_INFINITY;
  /** How often it froze. */
  freezes = 0;

  async pass(): Promise<void> {
    await this.#closed;
  }

  /** A call to the database: the process may freeze before it begins, or before it hears of its end. */
  async call<T>(run: () => Promise<T>): Promise<T> {
    this.#count();
    await this.pass();
    const result = await run();
    this.#count();
    await this.pass();
    return result;
  }

  freezeAfter(calls: number): void {
    this.#callsLeft = calls;
    if (calls === 0) this.#freeze();
  }

  thaw(): void {
    this.#callsLeft = Number.POSITIVE_INFINITY;
    this.#closed = undefined;
    this.#open();
  }

  #count(): void {
    this.#callsLeft -= 1;
    if (this.#callsLeft === 0) this.#freeze();
  }

  #freeze(): void {
    if (this.#closed !== undefined) return;
    this.freezes += 1;
    this.#closed = new Promise((resolve) => {
      this.#open = resolve;
    });
  }
}

export interface HostProcess {
  readonly posthorn: Posthorn;
  readonly gate: Gate;
}

/** Turns of the event loop in which what was begun may go on, or be caught in the middle. */
export async function turns(count: number): Promise<void> {
  for (let turn = 0; turn < count; turn += 1) await new Promise(setImmediate);
}

/** A host: its database, its clock, the other side of its one account, its processes. */
export class Host {
  readonly clock = createFakeClock();
  readonly arrivals: Arrival[] = [];
  readonly processes: HostProcess[] = [];
  /** Never frozen, and works no queue: where the commands of the test come from. */
  readonly office: Posthorn;
  readonly #folder = mkdtempSync(join(tmpdir(), 'posthorn-'));
  readonly #server = recordingAdapter({ channel: 'email', key: 'server' });
  #inspected: OpenedBackend | undefined;

  readonly #answerTime: (envelope: Envelope) => number;

  readonly #recipients: PosthornOptions['recipients'];

  /** `answerTime`: how long the other side takes, in ms. */
  constructor(answerTime: (envelope: Envelope) => number, recipients?: PosthornOptions['recipients']) {
    this.#answerTime = answerTime;
    this.#recipients = recipients;
    this.office = this.#open(new Gate());
  }

  /** What becomes of the next hand-overs to that address. */
  readonly answer = this.#server.answer;

  async inspect(): Promise<OpenedBackend> {
    this.#inspected ??= await this.#backend().open({ clock: this.clock, log: QUIET });
    return this.#inspected;
  }

  /** Starts a process that works the queue. */
  async boot(): Promise<HostProcess> {
    const gate = new Gate();
    const process = { posthorn: this.#open(gate), gate };
    this.processes.push(process);
    await process.posthorn.start();
    return process;
  }

  /** Ends everything; the laws have been checked. */
  async close(): Promise<void> {
    for (const { gate } of this.processes) gate.thaw();
    let closed = false;
    const closing = Promise.all([
      this.office.close(),
      this.#inspected?.close(),
      ...this.processes.map(({ posthorn }) => posthorn.close()),
    ]).finally(() => {
      closed = true;
    });
    while (!closed) {
      this.clock.advance(1_000);
      await turns(1);
    }
    await closing;
    rmSync(this.#folder, { recursive: true, force: true });
  }

  #backend(): Backend {
    // Processes do not see each other's memory: no location, or the registry of workers would stop all but one.
    return { ...sqlite(join(this.#folder, 'messages.db')), location: null };
  }

  #open(gate: Gate): Posthorn {
    return createPosthorn({
      backend: gatedBackend(this.#backend(), gate),
      adapters: [this.#adapter(gate)],
      recipients: this.#recipients,
      secrets: SECRETS,
      clock: gatedClock(this.clock, gate),
      log: QUIET,
    });
  }

  #adapter(gate: Gate): Adapter<Record<string, never>> {
    const { clock, arrivals } = this;
    const answerTime = this.#answerTime;
    const server = this.#server;
    return {
      ...server,
      open(settings, runtime) {
        const transport = server.open(settings, runtime);
        return {
          ...transport,
          features: { ...transport.features, maxBatch: 2, window: WINDOW },
          async send(batch, { signal, onOutcome }) {
            for (const envelope of batch) {
              await gate.pass();
              await gatedClock(clock, gate).sleep(answerTime(envelope));
              await transport.send([envelope], {
                signal,
                onOutcome(messageId, outcome) {
                  const to = envelope.channel === 'email' ? envelope.to.address : envelope.to;
                  const { attempt } = envelope;
                  arrivals.push({ messageId, to, attempt, outcome });
                  onOutcome(messageId, outcome);
                },
              });
            }
          },
        };
      },
    };
  }
}

function gatedClock(clock: Clock, gate: Gate): Clock {
  return {
    now: clock.now,
    async sleep(delayMs, signal) {
      await clock.sleep(delayMs, signal);
      await gate.pass();
    },
  };
}

function gatedBackend(backend: Backend, gate: Gate): Backend {
  return {
    ...backend,
    async open({ clock, log }) {
      const opened = await backend.open({ clock: gatedClock(clock, gate), log });
      const rooms = Object.entries(opened.store).map(([name, room]) => [name, gatedRoom(room, gate)]);
      return {
        ...opened,
        store: Object.fromEntries(rooms) as OpenedBackend['store'],
        queue: {
          ...opened.queue,
          work: (handler, options) =>
            opened.queue.work(async (job, lease) => {
              await gate.pass();
              await handler(job, lease);
              await gate.pass();
            }, options),
        },
      };
    },
  };
}

type Room = Readonly<Record<string, (...given: unknown[]) => Promise<unknown>>>;

function gatedRoom(room: object, gate: Gate): Room {
  const methods = Object.entries(room as Room).map(([name, method]) => [
    name,
    (...given: unknown[]) => gate.call(() => method(...given)),
  ]);
  return Object.fromEntries(methods) as Room;
}
