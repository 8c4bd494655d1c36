interface Kept<Value> {
  readonly value: Value;
  usedAt: number;
}

/**
 * A map that keeps only what was used last: for what is dear to make again, keyed by something a stranger may choose.
 *
 * A use is noted beside the value, and the map stays as it is. Moving what is used to its end would have V8 make a new
 * table every few uses; the old ones point to the new ones, so that once one has grown old, all that follow pile up until
 * the next full collection.
 */
export class Recent<Value> {
  readonly #kept = new Map<string, Kept<Value>>();
  readonly #limit: number;
  #uses = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  get(key: string): Value | undefined {
    const kept = this.#kept.get(key);
    if (kept === undefined) return undefined;
    this.#uses += 1;
    kept.usedAt = this.#uses;
    return kept.value;
  }

  set(key: string, value: Value): void {
    this.#uses += 1;
    this.#kept.set(key, { value, usedAt: this.#uses });
    if (this.#kept.size > this.#limit) this.#dropOldest();
  }

  delete(key: string): void {
    this.#kept.delete(key);
  }

  /** What is kept under the key, or what `make` answers. What throws is not kept. */
  getOrMake(key: string, make: () => Value): Value {
    const kept = this.get(key);
    if (kept !== undefined) return kept;
    const made = make();
    this.set(key, made);
    return made;
  }

  #dropOldest(): void {
    let oldest = '';
    let oldestAt = Number.POSITIVE_INFINITY;
    for (const [key, { usedAt }] of this.#kept) {
      if (usedAt >= oldestAt) continue;
      oldest = key;
      oldestAt = usedAt;
    }
    this.#kept.delete(oldest);
  }
}
