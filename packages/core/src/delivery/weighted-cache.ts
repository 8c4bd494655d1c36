interface Kept<Value> {
  readonly value: Value;
  readonly weight: number;
  usedAt: number;
}

/**
 * Keeps what was used last, up to a total weight: for what is dear to load and large. A use is noted beside the value: a
 * map that is reordered for ever leaves V8 a chain of old tables, which only a full collection ends.
 */
export class WeightedCache<Value> {
  readonly #kept = new Map<string, Kept<Value>>();
  readonly #limit: number;
  #weight = 0;
  #uses = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  get(key: string): Value | undefined {
    const entry = this.#kept.get(key);
    if (entry === undefined) return undefined;
    entry.usedAt = this.#now();
    return entry.value;
  }

  /** What weighs more than the whole cache may is not kept. */
  set(key: string, value: Value, weight: number): void {
    this.#drop(key);
    if (weight > this.#limit) return;
    this.#kept.set(key, { value, weight, usedAt: this.#now() });
    this.#weight += weight;
    while (this.#weight > this.#limit) this.#drop(this.#oldest());
  }

  #oldest(): string {
    let oldest = '';
    let oldestAt = Number.POSITIVE_INFINITY;
    for (const [key, { usedAt }] of this.#kept) {
      if (usedAt >= oldestAt) continue;
      oldest = key;
      oldestAt = usedAt;
    }
    return oldest;
  }

  #now(): number {
    this.#uses += 1;
    return this.#uses;
  }

  #drop(key: string): void {
    this.#weight -= this.#kept.get(key)?.weight ?? 0;
    this.#kept.delete(key);
  }
}
