import { randomUUID } from 'node:crypto';
import type { Bulletin, Clock, Log } from '@posthorn/core';
import { Client, type ClientConfig } from 'pg';
import { MAX_NEWS_BYTES, parsePayload, payloadsOf } from './payload.ts';

/** Wakes the workers of all processes, and tells them what happens. Work that is not heard of is found by polling. */
export interface Doorbell extends Bulletin {
  /** Never in a transaction: Postgres lets only one at a time commit that has a NOTIFY in it. */
  ring(): void;
  /** Who is to be called when somebody rings, here or elsewhere. */
  answer(call: () => void): void;
  close(): Promise<void>;
}

export interface DoorbellOptions {
  /** Of the one connection that listens. */
  readonly connection: ClientConfig;
  readonly channel: string;
  /** Tells the other processes, each payload by itself. */
  notify(channel: string, payloads: readonly string[]): Promise<unknown>;
  readonly clock: Clock;
  readonly log: Log;
}

const FIRST_PAUSE_MS = 250;
const LAST_PAUSE_MS = 30_000;
const MAX_NEWS = 10_000;

export function openDoorbell({ connection, channel, notify, clock, log }: DoorbellOptions): Doorbell {
  const closing = new AbortController();
  const closed = new Promise<void>((resolve) => {
    closing.signal.addEventListener('abort', () => resolve(), { once: true });
  });
  let answer: () => void = () => undefined;
  let hear: (news: readonly string[]) => void = () => undefined;
  const me = randomUUID();
  let rung = false;
  let news: string[] = [];
  let telling: Promise<void> | undefined;

  /** However much comes meanwhile, it goes together the next time. */
  function tellSoon(): void {
    telling ??= tellOthers().finally(() => {
      telling = undefined;
    });
  }

  async function tellOthers(): Promise<void> {
    // What follows from one commit is told together.
    await new Promise((resolve) => setImmediate(resolve));
    while (rung || news.length > 0) {
      const payloads = payloadsOf({ from: me, rung, news });
      rung = false;
      news = [];
      await notify(channel, payloads).catch((error: unknown) => {
        if (!closing.signal.aborted)
          log.debug('Other processes could not be woken; they look by themselves.', { error: String(error) });
      });
    }
  }

  function listenTo(payload: string | undefined): void {
    const told = parsePayload(payload ?? '');
    if (told.from === me) return;
    if (told.rung) answer();
    if (told.news.length > 0) hear(told.news);
  }

  const listening = listen();

  async function listen(): Promise<void> {
    for (
      let pauseMs = FIRST_PAUSE_MS;
      !closing.signal.aborted;
      pauseMs = Math.min(pauseMs * 2, LAST_PAUSE_MS)
    ) {
      try {
        await connect(() => {
          pauseMs = FIRST_PAUSE_MS;
        });
      } catch (error) {
        log.warn('Nothing is heard of other processes; work is found by polling.', { error: String(error) });
      }
      await clock.sleep(pauseMs, closing.signal).catch(() => {});
    }
  }

  /** Until the connection is lost, or nobody wants to hear any more. */
  async function connect(onConnected: () => void): Promise<void> {
    const client = new Client({ ...connection, keepAlive: true, application_name: 'posthorn listener' });
    const lost = new Promise<void>((resolve) => client.once('end', resolve));
    // It is followed by the end.
    client.on('error', () => undefined);
    client.on('notification', ({ payload }) => listenTo(payload));
    try {
      // A client that is ended while it connects never says that it could not.
      await Promise.race([client.connect(), closed]);
      if (closing.signal.aborted) return;
      // It keeps no process alive; pg's types do not know of it.
      (client as Client & { unref(): void }).unref();
      await client.query(`listen ${client.escapeIdentifier(channel)}`);
      onConnected();
      // What was rung while nobody heard it.
      answer();
      await Promise.race([lost, closed]);
    } finally {
      await client.end().catch(() => {});
    }
  }

  return {
    ring() {
      answer();
      rung = true;
      tellSoon();
    },
    tell(text) {
      // So much waits only where the database does not answer.
      if (news.length === MAX_NEWS || Buffer.byteLength(text) > MAX_NEWS_BYTES) {
        log.debug('Something is not told to other processes.', { waiting: news.length });
        return;
      }
      news.push(text);
      tellSoon();
    },
    hear(listener) {
      hear = listener;
    },
    answer(call) {
      answer = call;
    },
    async close() {
      await telling;
      closing.abort();
      await listening;
    },
  };
}
