import type { DeliveryRecord, EventRecord, MessageHead } from './message-store.ts';
import type { SuppressionRecord } from './suppression-store.ts';

/**
 * What a subscription can be given: events of messages, and what recipients do about their addresses. An address's is told
 * where the recipient did it, so that the evidence names a `message`; a mark that takes another's place is not.
 */
export type FedType = EventRecord['type'] | 'address.unsubscribed' | 'address.resubscribed';

/** A row of `subscriptions`: who keeps records of its own, and of what. */
export interface SubscriptionRecord {
  readonly id: string;
  /** Null: of all tenants. */
  readonly tenant: string | null;
  readonly name: string;
  readonly types: readonly FedType[];
  readonly createdAt: number;
}

/** Who has a subscription in hand. It counts on while it lives: whoever sees the same count for long may take over. */
export interface SubscriptionHold {
  readonly token: string;
  readonly beat: number;
}

export interface SubscriptionState {
  readonly types: SubscriptionRecord['types'];
  readonly hold: SubscriptionHold | null;
  /** Whether anything waits for it. */
  readonly isWaiting: boolean;
}

export interface SubscriptionLag extends SubscriptionRecord {
  /** How much waits, counted up to 10,000. */
  readonly waiting: number;
  /** When the first of it was stored; null where nothing waits, or it is not there any more. */
  readonly waitingSince: number | null;
}

/** What waits for a subscription. */
export interface FedEvent {
  readonly position: number;
  readonly type: FedType;
  /** As it is now; null where it is not there any more. */
  readonly fact: MessageFact | MarkFact | null;
}

export interface MessageFact {
  readonly event: EventRecord;
  readonly message: MessageHead;
  readonly delivery: DeliveryRecord;
}

export interface MarkFact {
  readonly mark: SuppressionRecord;
}

/**
 * Durable subscriptions. Whatever stores an event has it wait, in the same transaction, for each subscription that wants
 * it; without subscriptions nothing is written. What is committed before another event is stored waits before it: the
 * events of one message come in their order, and only of transactions that were open at once either may come first.
 */
export interface SubscriptionStore {
  /**
   * Adds it; events wait for it of transactions that begin afterwards. Where the tenant has one of that name it goes on
   * from where it is, with these types; if they are others, nobody holds it any more. Answers the id that it has.
   */
  save(record: SubscriptionRecord): Promise<string>;
  /** Ordered by name. */
  list(tenant: string | null): Promise<readonly SubscriptionLag[]>;
  /** With all that waits for it, a bounded number in each transaction. */
  remove(tenant: string | null, name: string, now: number): Promise<boolean>;
  /** Undefined where it was removed. */
  look(id: string): Promise<SubscriptionState | undefined>;
  /** Takes it, if it still is held by nobody (null) or as was seen. */
  claim(id: string, token: string, seen: SubscriptionHold | null): Promise<boolean>;
  /** Counts on. False where the hold was lost. */
  beat(id: string, token: string): Promise<boolean>;
  /** Lets go, if it is still held by this token. */
  release(id: string, token: string): Promise<void>;
  /** The first that wait, in order. */
  next(id: string, limit: number): Promise<readonly FedEvent[]>;
  /** These wait no longer; counts on, too. False where the hold was lost: then they go on waiting. */
  pass(id: string, token: string, positions: readonly number[]): Promise<boolean>;
}
