import type { NewContent } from './content-store.ts';
import type { JsonObject } from './json.ts';
import type { JobRecord, NewMessage, OutcomeName, Work } from './message-store.ts';

/**
 * - `planned`: counted and shown; nothing is written to anybody.
 * - `listing`: started; its messages are being written down, and none leaves yet.
 * - `sending`: the list is complete; it leaves, unless it is paused. It stays in this state when all has left.
 * - `refused`: the list could not be made, or is dearer than allowed; nobody was written to.
 * - `canceled`: nothing more leaves.
 */
export type BroadcastState = 'planned' | 'listing' | 'sending' | 'refused' | 'canceled';

/** A row of `broadcasts`. */
export interface BroadcastRecord {
  readonly tenant: string;
  readonly id: string;
  readonly label: string | null;
  readonly state: BroadcastState;
  /** Null while it is not paused. */
  readonly pausedAt: number | null;
  readonly template: string | null;
  readonly versionId: string;
  /** What `plan` was given: whom, by which channels, from whom, … without `data`. */
  readonly input: JsonObject;
  /** Sealed JSON of the call's `data`; wiped once the list is complete, refused or canceled. */
  readonly sealedData: string | null;
  /** What `plan` answered. */
  readonly plan: JsonObject;
  /** When it may leave; null: at once. */
  readonly startAt: number | null;
  /** Decimal, in the plan's currency. */
  readonly maxCost: string | null;
  /** How far the list has come; null before its first page. */
  readonly cursor: JsonObject | null;
  /** Ids of its messages lie between these, ends included; null before the first page. */
  readonly firstMessage: string | null;
  readonly lastMessage: string | null;
  /** Why it was refused: `{ code, message }`. */
  readonly failure: JsonObject | null;
  readonly createdAt: number;
  readonly startedAt: number | null;
  /** When the list was complete. */
  readonly listedAt: number | null;
  readonly endedAt: number | null;
}

/** A chunk that waits for its turn: the feeder makes a job of it. */
export interface BroadcastChunk {
  readonly chunk: string;
  readonly account: string;
  readonly accountTenant: string;
}

/** A page of the list, written in one transaction where the broadcast still is `listing` at `expected`. */
export interface ListPage {
  readonly tenant: string;
  readonly broadcast: string;
  readonly expected: JsonObject | null;
  readonly cursor: JsonObject;
  /** Of recipients whom the broadcast has on this channel already, the message is left out. */
  readonly messages: readonly NewMessage[];
  readonly chunks: readonly BroadcastChunk[];
  /** What changes about the broadcast with it; the last page ends the list. */
  readonly end: BroadcastChange | null;
  readonly now: number;
}

/** What changes about a broadcast; what is left out stays. */
export interface BroadcastChange {
  readonly state?: BroadcastState;
  readonly pausedAt?: number | null;
  readonly startAt?: number | null;
  readonly maxCost?: string | null;
  readonly failure?: JsonObject | null;
  readonly startedAt?: number;
  readonly listedAt?: number;
  readonly endedAt?: number;
}

/**
 * How many messages of a broadcast have each status: the outcome's name, or the work's where there is none. `postponed` are
 * those `deferred` ones which their provider goes on trying: our work is done.
 */
export type BroadcastCounts = { readonly [S in OutcomeName | Work | 'postponed']?: number };

export interface BroadcastStore {
  /** With its content and files, in one transaction. Answers it as stored: content may be there under another id. */
  add(
    record: BroadcastRecord,
    content: readonly NewContent[],
    files: NewContent['files'],
  ): Promise<BroadcastRecord>;
  get(tenant: string, id: string): Promise<BroadcastRecord | undefined>;
  /** Newest first. */
  list(
    tenant: string,
    page: { readonly limit: number; readonly before?: { readonly createdAt: number; readonly id: string } },
  ): Promise<readonly BroadcastRecord[]>;
  /**
   * Compare and set, with the jobs it needs, in one transaction; answers whether it was in one of `states`. Leaving
   * `sending` or `listing` drops the chunks that wait; leaving `listing` or `planned` for anything but `listing` wipes
   * `sealedData`.
   */
  change(
    tenant: string,
    id: string,
    states: readonly BroadcastState[],
    change: BroadcastChange,
    jobs: readonly JobRecord[],
  ): Promise<boolean>;
  /** `moved_on`: it is not `listing` at `expected` any more, and nothing was written. */
  addPage(page: ListPage): Promise<'added' | 'moved_on'>;
  /** Kept, not counted. */
  counts(tenant: string, id: string): Promise<BroadcastCounts>;
  /** Ids of its messages with one of these statuses, in order, behind `after`. */
  messageIds(
    tenant: string,
    id: string,
    statuses: readonly (OutcomeName | Work)[],
    page: { readonly limit: number; readonly after: string | null },
  ): Promise<readonly string[]>;
}
