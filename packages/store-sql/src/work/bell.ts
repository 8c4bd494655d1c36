import type { Clock } from '@posthorn/core';

/** Something to wait for with a limit of time. Rung while nobody waits, it ends the next wait at once. */
export class Bell {
  readonly #clock: Clock;
  #rung = false;
  #waiting: AbortController | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  ring(): void {
    this.#rung = true;
    this.#waiting?.abort();
  }

  async wait(limitMs: number): Promise<void> {
    if (!this.#rung) {
      this.#waiting = new AbortController();
      // Rejects when it is rung.
      await this.#clock.sleep(limitMs, this.#waiting.signal).catch(() => {});
      this.#waiting = undefined;
    }
    this.#rung = false;
  }
}
