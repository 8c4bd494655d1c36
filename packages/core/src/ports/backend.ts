import type { AccountStore } from './account-store.ts';
import type { BroadcastStore } from './broadcast-store.ts';
import type { Bulletin } from './bulletin.ts';
import type { Clock } from './clock.ts';
import type { ContentStore } from './content-store.ts';
import type { DeliveryStore } from './delivery-store.ts';
import type { IdentityStore } from './identity-store.ts';
import type { KeyringStore } from './keyring-store.ts';
import type { Log } from './log.ts';
import type { MessageStore } from './message-store.ts';
import type { Queue } from './queue.ts';
import type { ReportStore } from './report-store.ts';
import type { RetentionStore } from './retention-store.ts';
import type { SegmentStore } from './segment-store.ts';
import type { SubscriptionStore } from './subscription-store.ts';
import type { SuppressionStore } from './suppression-store.ts';

/** Where state lives and work waits. Nothing is opened before `open`. */
export interface Backend {
  readonly key: string;
  /** Names the same state in the same process (`sqlite:/srv/app/messages.db`); null where nobody else can open it. */
  readonly location: string | null;
  readonly supports: BackendSupports;
  /** Opens it and brings its tables up to this version, safely beside other processes that do the same. */
  open(runtime: BackendRuntime): Promise<OpenedBackend>;
}

export interface BackendSupports {
  /** Several processes may work on it at once. */
  readonly multiProcess: boolean;
  /** A process hears of work that another one pushed, and of what became of messages there, without polling. */
  readonly notify: boolean;
  /** `tx` can be the host's open transaction. */
  readonly hostTransaction: boolean;
}

export interface BackendRuntime {
  readonly clock: Clock;
  readonly log: Log;
}

export interface OpenedBackend {
  readonly store: Store;
  readonly queue: Queue;
  /** Only where `notify` is supported. */
  readonly bulletin?: Bulletin;
  /**
   * What time it is for the state, in ms since the epoch, where processes on several machines share it: all of them then
   * go by it. Left out where they are on one machine, and have one clock anyway.
   */
  now?(): Promise<number>;
  /** Ends the queue's workers and closes what was opened here, never the host's handle. May be called twice. */
  close(): Promise<void>;
  /**
   * Resolves once the transaction that `tx` was has ended: true where these messages are there. Only where
   * `hostTransaction` is supported.
   */
  afterCommit(tx: unknown, tenant: string, messageIds: readonly string[]): Promise<boolean>;
}

/** Every method is atomic by itself. Failures of the database come as `StoreError`. */
export interface Store {
  readonly keyring: KeyringStore;
  readonly accounts: AccountStore;
  readonly identities: IdentityStore;
  readonly content: ContentStore;
  readonly suppressions: SuppressionStore;
  readonly messages: MessageStore;
  readonly deliveries: DeliveryStore;
  readonly segments: SegmentStore;
  readonly broadcasts: BroadcastStore;
  readonly reports: ReportStore;
  readonly retention: RetentionStore;
  readonly subscriptions: SubscriptionStore;
}
