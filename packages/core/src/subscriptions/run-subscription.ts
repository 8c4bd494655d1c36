import { randomUUID } from 'node:crypto';
import type { Context } from '../context.ts';
import type { FedEvent, SubscriptionHold, SubscriptionStore } from '../ports/index.ts';
import { fedTypesOf, type StoredEvent, type StoredEventName, storedEventOf } from './stored-event.ts';

/** How long another process waits for one that says nothing. */
const LEASE_MS = 30_000;
/** How often to look where nothing wakes it. */
const POLL_MS = 1_000;
/** The most that are read at once. */
const BATCH = 100;
/** For so long what was read counts as what is; what is done by then is passed. */
const FRESH_MS = 1_000;
/** Between small batches, so that events that come one by one are not passed one by one. */
const GATHER_MS = 100;
const FIRST_DELAY_MS = 1_000;
const LAST_DELAY_MS = 300_000;

export interface SubscriptionSetUp extends Pick<Context, 'clock' | 'log'> {
  readonly store: SubscriptionStore;
  readonly id: string;
  readonly name: string;
  readonly types: readonly StoredEventName[];
  readonly handler: (event: never) => unknown;
}

/**
 * One process's part in a subscription:
 *
 * ```
 * aside ── something waits, and nobody has it ──▶ holding: read, hand over, pass … ── nothing waits ──▶ aside
 * ```
 *
 * A hold is known by its beat, which its holder counts on. No process compares its clock with another's: whoever sees the
 * same beat for a whole lease of its own time takes over. What a former holder still does it cannot pass.
 */
export class SubscriptionRun {
  readonly #setUp: SubscriptionSetUp;
  readonly #stopping = new AbortController();
  readonly ended: Promise<void>;
  #nap = new AbortController();
  #rung = false;
  #seen: { readonly hold: SubscriptionHold; readonly since: number } | undefined;
  /** Of a hold of its own that could not be released: nobody has to wait for that to fall silent. */
  #left: string | undefined;
  #failures = 0;

  constructor(setUp: SubscriptionSetUp) {
    this.#setUp = setUp;
    this.ended = this.#live();
  }

  /** Something may wait. */
  wake(): void {
    this.#rung = true;
    this.#nap.abort();
  }

  stop(): Promise<void> {
    this.#stopping.abort();
    return this.ended;
  }

  async #live(): Promise<void> {
    const stopped = this.#stopping.signal;
    while (!stopped.aborted) {
      try {
        const next = await this.#stepUp();
        if (next === 'removed') return;
        if (next === 'aside') await this.#pause(POLL_MS, stopped);
        else if (next === 'idle') await this.#rest(stopped);
        else await this.#hold(next.token);
      } catch (error) {
        this.#tell('error', 'A subscription could not be read; it is tried again.', { error });
        await this.#pause(POLL_MS, stopped);
      }
    }
  }

  async #stepUp(): Promise<'removed' | 'aside' | 'idle' | { readonly token: string }> {
    const { store, id, types, clock } = this.#setUp;
    const state = await store.look(id);
    if (state === undefined) {
      this.#tell('warn', 'A subscription was removed; its handler is given nothing more.', {});
      return 'removed';
    }
    // Another version of the program has subscribed to other types since.
    if (!isSame(state.types, fedTypesOf(types))) return 'aside';
    if (!state.isWaiting) return 'idle';
    const { hold } = state;
    if (hold !== null && hold.token !== this.#left) {
      const isSeen = this.#seen?.hold.token === hold.token && this.#seen.hold.beat === hold.beat;
      if (!isSeen) this.#seen = { hold, since: clock.now() };
      if (this.#seen === undefined || clock.now() - this.#seen.since < LEASE_MS) return 'aside';
    }
    const token = randomUUID();
    return (await store.claim(id, token, hold)) ? { token } : 'aside';
  }

  async #hold(token: string): Promise<void> {
    const { store, id } = this.#setUp;
    const lost = new AbortController();
    const over = AbortSignal.any([lost.signal, this.#stopping.signal]);
    const done = new AbortController();
    const beating = this.#beat(token, lost, done.signal);
    try {
      await this.#work(token, over);
    } finally {
      done.abort();
      await beating;
      // If it cannot be said, another process finds out.
      await store.release(id, token).catch(() => {
        this.#left = token;
      });
    }
  }

  async #work(token: string, over: AbortSignal): Promise<void> {
    const { store, id } = this.#setUp;
    let isIdle = false;
    while (!over.aborted) {
      const batch = await store.next(id, BATCH);
      if (batch.length === 0) {
        if (isIdle) return;
        isIdle = !(await this.#rest(over));
        continue;
      }
      isIdle = false;
      const { done, failure } = await this.#handOver(batch, over);
      if (done.length > 0 && !(await this.#pass(token, done, over))) return;
      if (failure !== undefined) await this.#pause(failure.delayMs, over);
      else if (batch.length < BATCH) await this.#pause(GATHER_MS, over);
    }
  }

  /** One after the other, until one fails or the batch is no longer fresh. */
  async #handOver(batch: readonly FedEvent[], over: AbortSignal) {
    const { clock, types, handler } = this.#setUp;
    const done: number[] = [];
    const readAt = clock.now();
    for (const fed of batch) {
      if (over.aborted || clock.now() - readAt >= FRESH_MS) break;
      const event = storedEventOf(fed);
      if (event !== null && types.includes(event.type)) {
        try {
          // It is of one of the handler's own types.
          await handler(event as never);
        } catch (error) {
          return { done, failure: this.#failed(event, error) };
        }
      }
      this.#failures = 0;
      done.push(fed.position);
    }
    return { done, failure: undefined };
  }

  #failed(event: StoredEvent, error: unknown): { readonly delayMs: number } {
    const doubled = Math.min(FIRST_DELAY_MS * 2 ** this.#failures, LAST_DELAY_MS);
    this.#failures += 1;
    const delayMs = Math.round(doubled * (0.8 + Math.random() * 0.4));
    const about = { event: event.id, type: event.type, delayMs, error };
    this.#tell('warn', 'The handler of a subscription failed; it is given the same event again.', about);
    return { delayMs };
  }

  /** Until the store has it: what is done is not to be done again only because the database was away for a moment. */
  async #pass(token: string, done: readonly number[], over: AbortSignal): Promise<boolean> {
    const { store, id } = this.#setUp;
    for (;;) {
      try {
        return await store.pass(id, token, done);
      } catch (error) {
        if (over.aborted) throw error;
        this.#tell('error', 'The place of a subscription could not be written; it is tried again.', {
          error,
        });
        await this.#pause(POLL_MS, over);
      }
    }
  }

  async #beat(token: string, lost: AbortController, done: AbortSignal): Promise<void> {
    const { store, id, clock } = this.#setUp;
    let beatAt = clock.now();
    for (;;) {
      await this.#pause(LEASE_MS / 3, done);
      if (done.aborted) return;
      try {
        if (!(await store.beat(id, token))) lost.abort();
        beatAt = clock.now();
      } catch {
        if (clock.now() - beatAt >= LEASE_MS) lost.abort();
      }
    }
  }

  /** Until something may wait, or the next look. Answers whether it was woken. */
  async #rest(over: AbortSignal): Promise<boolean> {
    if (!this.#rung) {
      this.#nap = new AbortController();
      await this.#pause(POLL_MS, AbortSignal.any([this.#nap.signal, over]));
    }
    const rung = this.#rung;
    this.#rung = false;
    return rung;
  }

  async #pause(ms: number, signal: AbortSignal): Promise<void> {
    await this.#setUp.clock.sleep(ms, signal).catch(() => undefined);
  }

  #tell(how: 'warn' | 'error', what: string, { error, ...about }: { readonly error?: unknown }): void {
    const { log, name } = this.#setUp;
    const words = error instanceof Error ? error.message : String(error);
    log[how](what, { subscription: name, ...about, ...(error === undefined ? {} : { error: words }) });
  }
}

function isSame<T>(some: readonly T[], others: readonly T[]): boolean {
  return some.length === others.length && some.every((one) => others.includes(one));
}
