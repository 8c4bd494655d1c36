import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sqlite } from '@posthorn/backend-sqlite';
import {
  type AccountLimits,
  type AnyAdapter,
  type Backend,
  createPosthorn,
  type EnqueueBatch,
  type OpenedBackend,
  type Posthorn,
} from '@posthorn/core';
import { createFakeClock, recordingAdapter } from '@posthorn/testing';
import { onTestFinished } from 'vitest';
import { turns } from '../hosts.test-kit.ts';

const SECRETS = { current: 'k1', keys: { k1: 'abcdefghijklmnopqrstuvwxyz0123456789' } };
const BULK_PRIORITY = 10;
const quiet = (): void => undefined;

/** A hand-over to the salon's server. */
interface HandOver {
  readonly to: string;
  readonly at: number;
}

/**
 * A salon on one database and by one server, whose processes come and go. They share a clock that stands still; two that
 * are open at once are two processes.
 */
export class Salon {
  readonly clock = createFakeClock();
  readonly handedOver: HandOver[] = [];
  /** How often the store was asked for each of these, by all processes. */
  readonly asked = { lease: 0, turn: 0 };
  readonly #folder = mkdtempSync(join(tmpdir(), 'posthorn-limits-'));
  readonly #open = new Set<Posthorn>();
  #store: OpenedBackend['store'] | undefined;

  constructor() {
    onTestFinished(async () => {
      for (const process of this.#open) await process.close();
      rmSync(this.#folder, { recursive: true, force: true });
    });
  }

  /** The store of the process that was opened last. */
  get store(): OpenedBackend['store'] {
    if (this.#store === undefined) throw new Error('Nobody has opened the database yet.');
    return this.#store;
  }

  /** Starts a process, whose code limits the platform's account so. */
  async boot(limits?: AccountLimits): Promise<Posthorn> {
    const process = createPosthorn({
      backend: this.#backend(),
      adapters: [this.#server()],
      ...(limits === undefined ? {} : { limits: { server: limits } }),
      secrets: SECRETS,
      clock: this.clock,
      log: { debug: quiet, info: quiet, warn: quiet, error: quiet },
    });
    this.#open.add(process);
    await process.identities.save({ key: 'salon', channel: 'email', address: 'hej@salonsol.dk' });
    await process.start();
    return process;
  }

  async shutDown(process: Posthorn): Promise<void> {
    this.#open.delete(process);
    await process.close();
  }

  /** Writes to so many, each address once. Those whose name is `bulk` are queued as a broadcast's are. */
  async write(by: Posthorn, name: string, count: number): Promise<void> {
    const to = Array.from({ length: count }, (_, index) => ({ email: `${name}${index}@example.dk` }));
    await by.send({ channel: 'email', to, email: { subject: 'Hej', text: 'Hej' } });
    await turns(200);
  }

  /** Lets time pass, a second at a time. */
  async pass(seconds: number): Promise<void> {
    await this.passMs(seconds * 1_000, 1_000);
  }

  /** Lets time pass in steps. */
  async passMs(ms: number, stepMs: number): Promise<void> {
    for (let passed = 0; passed < ms; passed += stepMs) {
      this.clock.advance(stepMs);
      await turns(30);
    }
  }

  /** The most hand-overs within any such time. */
  most(windowMs: number): number {
    const upTo = (end: number) => this.handedOver.filter(({ at }) => at > end - windowMs && at <= end).length;
    return Math.max(0, ...this.handedOver.map(({ at }) => upTo(at)));
  }

  #server(): AnyAdapter {
    const server = recordingAdapter({ channel: 'email', key: 'server' });
    return {
      ...server,
      open: (settings, runtime) => {
        const transport = server.open(settings, runtime);
        return {
          ...transport,
          send: (batch, options) => {
            for (const envelope of batch) {
              const to = envelope.channel === 'email' ? envelope.to.address : envelope.to;
              this.handedOver.push({ to, at: this.clock.now() });
            }
            return transport.send(batch, options);
          },
        };
      },
    };
  }

  #backend(): Backend {
    // Processes do not see each other's memory: no location, or the registry of workers would stop all but one.
    const backend = { ...sqlite(join(this.#folder, 'messages.db')), location: null };
    return {
      ...backend,
      open: async (runtime) => {
        const opened = await backend.open(runtime);
        const { messages, deliveries } = opened.store;
        this.#store = {
          ...opened.store,
          messages: { ...messages, enqueue: (batch, tx) => messages.enqueue(asBulk(batch), tx) },
          deliveries: {
            ...deliveries,
            lease: (...given) => {
              this.asked.lease += 1;
              return deliveries.lease(...given);
            },
            turn: (turn) => {
              this.asked.turn += 1;
              return deliveries.turn(turn);
            },
          },
        };
        return { ...opened, store: this.#store };
      },
    };
  }
}

function asBulk(batch: EnqueueBatch): EnqueueBatch {
  const isBulk = batch.messages.some(({ message }) => message.address?.startsWith('bulk'));
  if (!isBulk) return batch;
  const priority = BULK_PRIORITY;
  return {
    ...batch,
    messages: batch.messages.map((it) => ({ ...it, priority })),
    jobs: batch.jobs.map((it) => ({ ...it, priority })),
  };
}
