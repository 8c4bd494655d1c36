import type { Context } from '../context.ts';
import { PosthornError } from '../errors.ts';
import { newId } from '../ids.ts';
import { SubscriptionRun } from './run-subscription.ts';
import { fedTypesOf, type StoredEventName } from './stored-event.ts';

interface HandlingSetUp extends Pick<Context, 'clock' | 'log' | 'open'> {
  readonly tenant: string | null;
  readonly name: string;
  readonly types: readonly StoredEventName[];
  readonly handler: (event: never) => unknown;
}

const FIRST_DELAY_MS = 1_000;
const LAST_DELAY_MS = 60_000;

/** One `subscribe`: tells the store of it, if need be again and again, and then works it until it is stopped. */
export class Handling {
  readonly #setUp: HandlingSetUp;
  readonly #stopping = new AbortController();
  /** Resolves once the store knows of it, or could not be told at once. */
  readonly begun: Promise<void>;
  readonly ended: Promise<void>;
  #run: SubscriptionRun | undefined;

  constructor(setUp: HandlingSetUp) {
    this.#setUp = setUp;
    const beginning = this.#begin();
    this.begun = beginning.then(() => undefined);
    this.ended = this.#live(beginning);
  }

  wake(): void {
    this.#run?.wake();
  }

  stop(): Promise<void> {
    this.#stopping.abort();
    void this.#run?.stop();
    return this.ended;
  }

  async #live(beginning: Promise<boolean>): Promise<void> {
    const stopped = this.#stopping.signal;
    let isBegun = await beginning;
    for (let delayMs = FIRST_DELAY_MS; !isBegun && !stopped.aborted; delayMs *= 2) {
      await this.#setUp.clock.sleep(Math.min(delayMs, LAST_DELAY_MS), stopped).catch(() => undefined);
      isBegun = await this.#begin();
    }
    if (stopped.aborted) void this.#run?.stop();
    await this.#run?.ended;
  }

  /** False where it is to be tried again. */
  async #begin(): Promise<boolean> {
    const { clock, log, open, tenant, name, types, handler } = this.#setUp;
    if (this.#stopping.signal.aborted) return true;
    try {
      const { store } = await open();
      const record = {
        id: newId(clock),
        tenant,
        name,
        types: fedTypesOf(types),
        createdAt: clock.now(),
      };
      const id = await store.subscriptions.save(record);
      this.#run = new SubscriptionRun({ clock, log, store: store.subscriptions, id, name, types, handler });
      return true;
    } catch (error) {
      if (error instanceof PosthornError && error.code === 'closed') return true;
      const words = error instanceof Error ? error.message : String(error);
      log.error('A subscription could not begin; it is tried again.', { subscription: name, error: words });
      return false;
    }
  }
}
