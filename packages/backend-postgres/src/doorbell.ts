import type { Clock, Log } from '@posthorn/core';
import { Client, type ClientConfig } from 'pg';

/** Wakes the workers of all processes. What is not heard is found by polling. */
export interface Doorbell {
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
  /** Tells the other processes. */
  notify(channel: string): Promise<unknown>;
  readonly clock: Clock;
  readonly log: Log;
}

const FIRST_PAUSE_MS = 250;
const LAST_PAUSE_MS = 30_000;

export function openDoorbell({ connection, channel, notify, clock, log }: DoorbellOptions): Doorbell {
  const closing = new AbortController();
  const closed = new Promise<void>((resolve) => {
    closing.signal.addEventListener('abort', () => resolve(), { once: true });
  });
  let answer: () => void = () => undefined;
  let ringing = false;
  let again = false;

  /** However many rings come meanwhile, they are one more. */
  async function tellOthers(): Promise<void> {
    if (ringing) {
      again = true;
      return;
    }
    ringing = true;
    do {
      again = false;
      await notify(channel).catch((error: unknown) => {
        if (!closing.signal.aborted)
          log.debug('Other processes could not be woken; they look by themselves.', { error: String(error) });
      });
    } while (again && !closing.signal.aborted);
    ringing = false;
  }

  const listening = listen();

  async function listen(): Promise<void> {
    for (
      let pauseMs = FIRST_PAUSE_MS;
      !closing.signal.aborted;
      pauseMs = Math.min(pauseMs * 2, LAST_PAUSE_MS)
    ) {
      try {
        await hear(() => {
          pauseMs = FIRST_PAUSE_MS;
        });
      } catch (error) {
        log.warn('Nothing is heard of other processes; work is found by polling.', { error: String(error) });
      }
      await clock.sleep(pauseMs, closing.signal).catch(() => {});
    }
  }

  /** Until the connection is lost, or nobody wants to hear any more. */
  async function hear(onConnected: () => void): Promise<void> {
    const client = new Client({ ...connection, keepAlive: true, application_name: 'posthorn listener' });
    const lost = new Promise<void>((resolve) => client.once('end', resolve));
    // It is followed by the end.
    client.on('error', () => undefined);
    client.on('notification', () => answer());
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
      void tellOthers();
    },
    answer(call) {
      answer = call;
    },
    async close() {
      closing.abort();
      await listening;
    },
  };
}
