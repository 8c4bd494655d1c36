/** Keeps what was used last, up to a total weight: for what is dear to load and large. */
export class WeightedCache<Value> {
  readonly #kept = new Map<string, { readonly value: Value; readonly weight: number }>();
  readonly #limit: number;
  #weight = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  get(key: string): Value | undefined {
    const entry = this.#kept.get(key);
    if (entry === undefined) return undefined;
    // A map iterates in the order of insertion: what is used moves to the end.
    this.#kept.delete(key);
    this.#kept.set(key, entry);
    return entry.value;
  }

  /** What weighs more than the whole cache may is not kept. */
  set(key: string, value: Value, weight: number): void {
    this.#drop(key);
    if (weight > this.#limit) return;
    this.#kept.set(key, { value, weight });
    this.#weight += weight;
    for (const oldest of this.#kept.keys()) {
      if (this.#weight <= this.#limit) return;
      this.#drop(oldest);
    }
  }

  #drop(key: string): void {
    this.#weight -= this.#kept.get(key)?.weight ?? 0;
    this.#kept.delete(key);
  }
}
