import type { EventRecord, JobRecord, StoredMessage, Transition, TransitionResult } from './message-store.ts';

/** A worker's view of the deliveries; no tenant here, as a worker serves them all. */
export interface DeliveryStore {
  /**
   * Puts the job's token on the chunk's `queued` rows and answers them. Rows of the chunk that an earlier, lost lease
   * left `sending` become `unknown` (event id from `newEventId`), and are answered as `lost`.
   */
  lease(job: JobRecord, token: string, now: number, newEventId: () => string): Promise<Leased>;
  /**
   * One transaction: settles what came back, then marks the next ones `sending`. Of `begin` only rows still `queued` under
   * the token go on; expired and suppressed ones end with an event, others are left out.
   */
  turn(turn: Turn): Promise<TurnResult>;
  /** Gives the chunk's `queued` rows under the token back to the due-scan: they wait until `dueAt`. */
  putBack(job: JobRecord, token: string, dueAt: number): Promise<number>;
  /**
   * The due-scan: waiting rows (`scheduled` or `queued`, without a chunk) whose time has come, of accounts that are not
   * paused, become chunks of at most `chunkSize` per tenant, account and priority, and jobs for the queue.
   */
  queueDue(now: number, chunkSize: number, newId: () => string): Promise<DueScan>;
}

export interface Leased {
  readonly rows: readonly StoredMessage[];
  readonly lost: readonly TransitionResult[];
}

export interface Turn {
  readonly now: number;
  readonly settle: readonly Transition[];
  readonly begin: readonly { readonly tenant: string; readonly messageId: string; readonly token: string }[];
  readonly newEventId: () => string;
}

export interface TurnResult {
  /** One for each of `settle`, in order. */
  readonly settled: readonly TransitionResult[];
  /** Now `sending`, with the attempt that begins. */
  readonly begun: readonly { readonly messageId: string; readonly attempt: number }[];
  /** Ended at the last moment: `expired`, `skipped`. */
  readonly ended: readonly TransitionResult[];
  /** The events of those that ended. */
  readonly endedEvents: readonly EventRecord[];
}

export interface DueScan {
  readonly queued: number;
  /** When the next waiting row is due, if any. */
  readonly nextDueAt: number | null;
}
