import type { JobTable } from './job-table.ts';
import { keepAlive } from './keep-alive.ts';

interface Held {
  readonly controller: AbortController;
  until: number;
}

/** The leases of one worker, kept alive together while there are any. */
export class HeldLeases {
  readonly #table: JobTable;
  readonly #leaseMs: number;
  readonly #held = new Map<string, Held>();
  #beating: AbortController | undefined;
  #letGo: () => void = () => undefined;

  constructor(table: JobTable, leaseMs: number) {
    this.#table = table;
    this.#leaseMs = leaseMs;
  }

  /** From now on the lease is extended; the controller's signal is aborted when it is lost. */
  hold(token: string): AbortController {
    const controller = new AbortController();
    this.#held.set(token, { controller, until: this.#table.clock.now() + this.#leaseMs });
    if (this.#beating === undefined) {
      this.#letGo = keepAlive();
      this.#beating = new AbortController();
      void this.#beat(this.#beating.signal);
    }
    return controller;
  }

  release(token: string): void {
    this.#held.delete(token);
    if (this.#held.size > 0) return;
    this.#letGo();
    this.#beating?.abort();
    this.#beating = undefined;
  }

  abortAll(reason: Error): void {
    for (const { controller } of this.#held.values()) controller.abort(reason);
  }

  async #beat(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await this.#table.clock.sleep(this.#leaseMs / 3, signal).catch(() => {});
      if (!signal.aborted) await this.#extend();
    }
  }

  async #extend(): Promise<void> {
    const asked = [...this.#held.keys()];
    const until = this.#table.clock.now() + this.#leaseMs;
    try {
      const extended = await this.#table.extend(asked, this.#leaseMs);
      for (const token of asked) {
        const held = this.#held.get(token);
        if (held === undefined) continue;
        if (extended.has(token)) held.until = until;
        else held.controller.abort(new Error('The lease was lost to another worker.'));
      }
    } catch (error) {
      this.#table.log.error('Leases could not be extended.', { error: String(error) });
      this.#abortExpired();
    }
  }

  #abortExpired(): void {
    const now = this.#table.clock.now();
    for (const { controller, until } of this.#held.values()) {
      if (until <= now) controller.abort(new Error('The lease ran out while the database did not answer.'));
    }
  }
}
