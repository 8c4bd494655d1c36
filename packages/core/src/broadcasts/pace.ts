/** How far back "of late" goes. */
const WINDOW_MS = 10_000;
/** Sooner than this nothing can be said. */
const MIN_MS = 500;

/** How quickly messages have been done of late. */
export class Pace {
  readonly #seen: { readonly at: number; readonly done: number }[] = [];

  /** Messages a second; null before that can be said. */
  note(at: number, done: number): number | null {
    this.#seen.push({ at, done });
    while ((this.#seen[1]?.at ?? at) < at - WINDOW_MS) this.#seen.shift();
    const first = this.#seen[0];
    if (first === undefined || at - first.at < MIN_MS) return null;
    return Math.max(0, ((done - first.done) * 1000) / (at - first.at));
  }
}
