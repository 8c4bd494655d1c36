import type { AccountLimits } from './limits.ts';
import type { EventRecord, JobRecord, StoredMessage, Transition, TransitionResult } from './message-store.ts';

/** A worker's view of the deliveries; no tenant here, as a worker serves them all. */
export interface DeliveryStore {
  /**
   * Puts the job's token on the chunk's waiting rows, which are `queued` now, and answers them. A broadcast's chunk goes
   * back to wait, whole, while the broadcast or the account is paused or the account's limits are used up; of a broadcast
   * that has ended it is forgotten. Its job is gone then, and nothing is answered. Rows of the chunk that an earlier, lost
   * lease left `sending` become `unknown` (event id from `newEventId`), and are answered as `lost`.
   */
  lease(job: JobRecord, token: string, now: number, newEventId: () => string): Promise<Leased>;
  /**
   * One transaction: settles what came back, then marks the next ones `sending`, as many as the account's limits have room
   * for, in order. Of `begin` only rows still `queued` under the token go on; expired and suppressed ones and those of a
   * canceled broadcast end with an event; those of a paused broadcast are held until it goes on; others are left out.
   *
   * A turn may have limits and nothing to begin: they may have changed, and the account opens when they say now. They are
   * `{}` where there are none any more.
   */
  turn(turn: Turn): Promise<TurnResult>;
  /** Gives the chunk's `queued` rows under the token back to the due-scan: they wait until `dueAt`. */
  putBack(job: JobRecord, token: string, dueAt: number): Promise<number>;
  /** When something may leave by the account again; null where its limits had room at the last turn, or it has none. */
  opensAt(accountTenant: string, account: string): Promise<number | null>;
  /**
   * The due-scan: waiting rows (`scheduled` or `queued`, without a chunk) whose time has come, of accounts that are not
   * paused and whose limits are not used up, become chunks of at most `chunkSize` per tenant, account and priority, and
   * jobs for the queue; single messages first. So do chunks of broadcasts whose list is complete, whose time has come and
   * that are not paused: a few at a time, so that a pause finds little in the queue.
   */
  queueDue(now: number, chunkSize: number, newId: () => string): Promise<DueScan>;
}

export interface Leased {
  readonly rows: readonly StoredMessage[];
  readonly lost: readonly TransitionResult[];
}

export interface Turn {
  readonly now: number;
  /** Of the account that all of `begin` leave by; null where it has none. */
  readonly limits: TurnLimits | null;
  readonly settle: readonly Transition[];
  readonly begin: readonly { readonly tenant: string; readonly messageId: string; readonly token: string }[];
  readonly newEventId: () => string;
}

export interface TurnLimits {
  readonly accountTenant: string;
  readonly account: string;
  readonly limits: AccountLimits;
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
  /** Ids of those for which the account's limits left no room: they are as they were, until the account opens again. */
  readonly limited: readonly string[];
}

export interface DueScan {
  readonly queued: number;
  /** When the next waiting row is due, if any. */
  readonly nextDueAt: number | null;
}
