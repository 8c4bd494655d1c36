import type { Channel } from './channel.ts';
import type { NewContent } from './content-store.ts';
import type { Mailbox } from './envelope.ts';
import type { JsonObject } from './json.ts';
import type { Failure } from './outcome.ts';
import type { MessageFlag, MessageFlags } from './report.ts';
import type { AttachmentRef } from './skeleton.ts';

/** What never changes about a message: a row of `messages`. */
export interface MessageRecord {
  readonly id: string;
  readonly tenant: string;
  readonly channel: Channel;
  /** Null for an ad-hoc composition. */
  readonly template: string | null;
  readonly versionId: string;
  readonly skeletonId: string;
  /** In the skeleton's order; null where the value is sealed. */
  readonly slots: readonly (string | null)[];
  /** Sealed JSON object of the sensitive slots, by number. Wiped once the message is done. */
  readonly sealedSlots: string | null;
  readonly identity: string | null;
  readonly from: Mailbox;
  readonly replyTo: Mailbox | null;
  /** The account it travels by, and whose it is: the message's tenant or `$platform`. */
  readonly account: string;
  readonly accountTenant: string;
  readonly recipient: { readonly source: string; readonly id: string } | null;
  readonly toName: string | null;
  /** Null where the recipient has none; such a message is skipped. */
  readonly address: string | null;
  readonly addressKey: string | null;
  readonly locale: string;
  readonly timeZone: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly attachments: readonly AttachmentRef[];
  /** The host's idempotency key. */
  readonly key: string | null;
  readonly resendOf: string | null;
  /** The broadcast it belongs to; at most one message of it per recipient and channel. */
  readonly broadcast: string | null;
  readonly createdAt: number;
  /** When the host wanted it to leave: its `Date` and its `now`. Null: at once, so `createdAt` is. */
  readonly sendAt: number | null;
  readonly expiresAt: number | null;
}

/** A message without its content, and without what only sending it needs. */
export type MessageHead = Omit<
  MessageRecord,
  | 'versionId'
  | 'skeletonId'
  | 'slots'
  | 'sealedSlots'
  | 'replyTo'
  | 'locale'
  | 'timeZone'
  | 'headers'
  | 'attachments'
  | 'sendAt'
  | 'expiresAt'
>;

/** Where the work on a message stands. Moves by command only. */
export type Work = 'scheduled' | 'queued' | 'sending' | 'done';

/** What became of a message, folded from its events. */
export type OutcomeName =
  | 'skipped'
  | 'canceled'
  | 'expired'
  | 'accepted'
  | 'deferred'
  | 'delivered'
  | 'bounced'
  | 'rejected'
  | 'failed'
  | 'unknown';

/** What changes about a message: a row of the narrow `deliveries` table. */
export interface DeliveryRecord {
  readonly messageId: string;
  readonly work: Work;
  /** When it may leave, or be tried again; null once done. */
  readonly dueAt: number | null;
  /** 0 before the first hand-over. */
  readonly attempt: number;
  /** The job that carries it; null while it waits for its time. */
  readonly chunk: string | null;
  /** Lower first. */
  readonly priority: number;
  readonly outcome: FoldedOutcome | null;
  /** `{}` where nothing was reported. */
  readonly flags: MessageFlags;
  /** When retention took the message's content; null while it is there. */
  readonly redactedAt: number | null;
}

export interface FoldedOutcome {
  /** Null: a person asked for another attempt, so there is no outcome again. */
  readonly name: OutcomeName | null;
  readonly attempt: number;
  readonly occurredAt: number;
  readonly reason: string | null;
  readonly failure: Failure | null;
}

/** A fact about a message; rows are only ever added. */
export interface EventRecord {
  readonly id: string;
  readonly tenant: string;
  readonly messageId: string;
  /**
   * An outcome's name, or `requeued`: a person asked for another attempt, or one was counted back. A flag stands beside the
   * outcome; `reported` is something that we do not know, and changes nothing.
   */
  readonly type: OutcomeName | 'requeued' | MessageFlag | 'reported';
  readonly attempt: number;
  readonly occurredAt: number;
  readonly recordedAt: number;
  /** Plain code for skips and the like: `no_address`, `suppressed`. */
  readonly reason: string | null;
  readonly failure: Failure | null;
  /** Whatever else is known: provider id, who did it. */
  readonly detail: JsonObject;
}

export interface StoredMessage {
  readonly message: MessageRecord;
  readonly delivery: DeliveryRecord;
}

/** One `send`: everything it writes, written together or not at all. */
export interface EnqueueBatch {
  readonly tenant: string;
  /** The host's idempotency key, and the hash of its canonical input. */
  readonly key: { readonly key: string; readonly inputHash: string } | null;
  /** Ad-hoc content that may not be stored yet; what is stored already is left as it is. */
  readonly content: readonly NewContent[];
  /** Files of single messages. */
  readonly files: NewContent['files'];
  readonly messages: readonly NewMessage[];
  readonly jobs: readonly JobRecord[];
  /** Counted again as the messages are written; left out, nobody counts. */
  readonly limits?: readonly RecipientLimit[] | undefined;
  readonly now: number;
}

export interface NewMessage {
  readonly message: MessageRecord;
  readonly work: Work;
  readonly dueAt: number | null;
  readonly chunk: string | null;
  readonly priority: number;
  /** Only for those that end here: skipped ones. */
  readonly event: EventRecord | null;
}

/**
 * `repeated`: the key was there, with this hash and these messages, and nothing was written. `over_limit`: an address would
 * have more than it may, and nothing was written; `had` is what the addresses of the limits have.
 */
export type EnqueueResult =
  | { readonly status: 'written' }
  | { readonly status: 'over_limit'; readonly had: ReadonlyMap<string, number> }
  | { readonly status: 'repeated'; readonly inputHash: string; readonly messageIds: readonly string[] };

/**
 * Work for a worker: a chunk of one account's messages, or a broadcast to be brought forward (listed, or canceled). The
 * rows say what is done; the job only that it is to be done.
 */
export interface JobRecord {
  readonly id: string;
  readonly kind: 'messages' | 'broadcast';
  readonly tenant: string;
  readonly account: string;
  readonly accountTenant: string;
  /** Of a broadcast's own job, the broadcast's id. */
  readonly chunk: string;
  readonly priority: number;
}

/** Newest first; all fields are ANDed. */
export interface MessageFilter {
  readonly channel?: Channel | undefined;
  readonly template?: string | undefined;
  readonly broadcast?: string | undefined;
  /** Outcome names, or work names for messages without an outcome. */
  readonly status?: readonly (OutcomeName | Work)[] | undefined;
  readonly recipient?: { readonly source: string; readonly id: string } | undefined;
  readonly addressKey?: string | undefined;
  readonly createdFrom?: number | undefined;
  readonly createdBefore?: number | undefined;
}

export interface MessagePage {
  readonly limit: number;
  /** Only those older than this one. */
  readonly before?: { readonly createdAt: number; readonly id: string };
}

/** Compare and set of one delivery, with the event that says why. */
export interface Transition {
  readonly event: EventRecord;
  /** It is applied only where all of this still holds. */
  readonly when: {
    readonly work?: readonly Work[];
    /** The job's lease token. */
    readonly token?: string;
    readonly outcome?: readonly OutcomeName[];
    readonly attempt?: number;
  };
  /**
   * The new work; null leaves it to the event: what proves accepted, delivered or bounced ends waiting work. Work that
   * waits again has neither chunk nor token, and never is of a message that is redacted: `when` does not hold then. `attempt` counts back one that was certainly never spent (credentials, a stop).
   */
  readonly work: { readonly work: Work; readonly dueAt: number | null; readonly attempt?: number } | null;
  /** What happens to the event where `when` does not hold: a fact is recorded and folded anyway, a command is dropped. */
  readonly otherwise: 'record' | 'drop';
}

export interface TransitionResult {
  readonly messageId: string;
  /** Whether `when` held. `missing`: no such message in this tenant. */
  readonly status: 'applied' | 'recorded' | 'dropped' | 'missing';
  readonly before: DeliveryRecord | null;
  readonly after: DeliveryRecord | null;
}

/** Which messages to an address are counted. */
export interface RecipientCount {
  readonly account: string;
  readonly accountTenant: string;
  readonly addressKeys: readonly string[];
  /** Those that left, or are to leave, after `from` and before `until`: at `sendAt`, else at `createdAt`. */
  readonly from: number;
  readonly until: number;
}

/** How many of these messages each address may have, those of the batch that are not skipped among them. */
export interface RecipientLimit extends RecipientCount {
  readonly most: number;
}

export interface MessageStore {
  /**
   * The durable boundary. With `tx` (the host's open transaction) all rows are written on it; else in a transaction of
   * its own. Jobs go to the queue in the same transaction. Of sends at once, no two count to the same limit.
   */
  enqueue(batch: EnqueueBatch, tx?: unknown): Promise<EnqueueResult>;
  /** What an idempotency key stands for, read on `tx` if there is one. */
  findKey(
    tenant: string,
    key: string,
    tx?: unknown,
  ): Promise<{ readonly inputHash: string; readonly messageIds: readonly string[] } | undefined>;
  /** In the order of the ids; those of other tenants and unknown ones are left out. */
  get(tenant: string, ids: readonly string[], tx?: unknown): Promise<readonly StoredMessage[]>;
  list(tenant: string, filter: MessageFilter, page: MessagePage): Promise<readonly StoredMessage[]>;
  /**
   * How many messages of a tenant each address has by one account, without those that ended as skipped, canceled or
   * expired; addresses that have none are left out.
   */
  countTo(tenant: string, wanted: RecipientCount): Promise<ReadonlyMap<string, number>>;
  /** In the order in which they occurred. */
  events(tenant: string, messageId: string): Promise<readonly EventRecord[]>;
  /** Messages that were sent again from this one, oldest first. */
  resendsOf(tenant: string, messageId: string): Promise<readonly string[]>;
  /** All in one transaction, in order; each folds its event into the outcome (`advance` of core's events room). */
  transition(tenant: string, transitions: readonly Transition[]): Promise<readonly TransitionResult[]>;
}
