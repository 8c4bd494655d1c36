import type { JobRecord, StoredMessage } from '../ports/index.ts';

/** How a lane was done with a claim. */
interface ClaimEnd {
  /** Rows that were not begun go back to wait until then; null where none are left. */
  readonly waitUntil: number | null;
  /** Something that leaves the rows' state open: the job has to be taken again. */
  readonly error: unknown;
}

/**
 * A job's rows in their lane. Each row leaves it once: settled, ended by the store, taken by somebody else, or released
 * (to be put back). When the last has gone, the claim has ended.
 */
export class Claim {
  readonly job: JobRecord;
  readonly token: string;
  readonly signal: AbortSignal;
  readonly ended: Promise<ClaimEnd>;
  readonly #waiting: StoredMessage[];
  #end: (end: ClaimEnd) => void = () => undefined;
  #open: number;
  #waitUntil: number | null = null;
  #error: unknown = null;

  constructor(job: JobRecord, token: string, signal: AbortSignal, rows: readonly StoredMessage[]) {
    this.job = job;
    this.token = token;
    this.signal = signal;
    this.#waiting = [...rows];
    this.#open = rows.length;
    this.ended = new Promise((resolve) => {
      this.#end = resolve;
    });
    if (rows.length === 0) this.#finish();
  }

  get waiting(): number {
    return this.#waiting.length;
  }

  /** The next rows to begin; they are the lane's from now on. */
  take(count: number): readonly StoredMessage[] {
    return this.#waiting.splice(0, count);
  }

  /** A row has left for good. */
  leave(): void {
    this.#open -= 1;
    if (this.#open === 0) this.#finish();
  }

  /** A row that the lane took is not begun after all. */
  release(waitUntil: number): void {
    this.#waitUntil = Math.max(this.#waitUntil ?? 0, waitUntil);
    this.leave();
  }

  /** Nothing more of this claim is to begin. */
  releaseAll(waitUntil: number): void {
    for (const _ of this.#waiting.splice(0)) this.release(waitUntil);
  }

  /** A row is in a state that nobody here knows: the job has to be taken again. */
  fail(error: unknown): void {
    this.#error = error;
    this.leave();
  }

  /** Ends here and now; whatever is open is left to whoever takes the job next. */
  abort(error: unknown): void {
    this.#waiting.length = 0;
    this.#error = error;
    this.#finish();
  }

  #finish(): void {
    this.#end({ waitUntil: this.#waitUntil, error: this.#error });
  }
}
