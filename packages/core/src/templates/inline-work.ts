/** About a second's work. */
const MOST = 5_000_000;

/** How much it may take to inline style sheets: selectors, elements and declarations multiply each other. */
export class Work {
  #left = MOST;

  /** Throws a RangeError where there is too much to do. */
  spend(steps: number): void {
    this.#left -= steps;
    if (this.#left < 0) throw new RangeError('There is too much to inline.');
  }
}
