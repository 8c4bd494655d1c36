import type { Channel } from './channel.ts';
import type { JsonObject } from './json.ts';
import type { EventRecord, MessageHead, TransitionResult } from './message-store.ts';
import type { Report } from './report.ts';
import type { SuppressionRecord } from './suppression-store.ts';

/** Whose account, and which: `$platform` owns the platform's. */
export interface ReportingAccount {
  readonly tenant: string;
  readonly key: string;
}

/** What a provider told of an address. A row of `address_reports`; rows are only ever added. */
export interface AddressReportRecord {
  readonly tenant: string;
  readonly channel: Channel;
  readonly addressKey: string;
  /** Derived from what it says: the same report again has the same. */
  readonly id: string;
  readonly type: 'complained' | 'unsubscribed' | 'resubscribed';
  /** The provider's name of the list that it is about; null where it is about everything. */
  readonly list: string | null;
  readonly occurredAt: number;
  readonly recordedAt: number;
  /** As people write it, for the mark. */
  readonly address: string | null;
  /** What a mark rests on that this makes. */
  readonly evidence: JsonObject;
}

/** A report that belongs to a message, ready to be stored. */
export interface ReportedFact {
  /** Its id is derived from what the report says. */
  readonly event: EventRecord;
  /** Where it says something of the address as well; stored only if the message is there. */
  readonly address: AddressReportRecord | null;
}

export interface SettledFact {
  /** `repeated`: this event was there already, and nothing changed. `missing`: there is no such message. */
  readonly status: 'applied' | 'repeated' | 'missing';
  readonly before: TransitionResult['before'];
  readonly after: TransitionResult['after'];
  /** The marks that it made, and those that it ended. */
  readonly marked: readonly SuppressionRecord[];
  readonly lifted: readonly SuppressionRecord[];
}

/** A message that left, and the attempt with which it did. */
export interface LeftMessage {
  readonly message: MessageHead;
  readonly attempt: number;
}

/** A report that belongs to none of our messages. A row of `unmatched_reports`. */
export interface UnmatchedReportRecord {
  /** Derived from what it says: the same report again has the same. */
  readonly id: string;
  readonly receivedAt: number;
  readonly report: Omit<Report, 'token' | 'occurredAt'> & { readonly occurredAt: number };
}

export interface UnmatchedPage {
  readonly limit: number;
  /** Only those older than this one. */
  readonly before?: { readonly receivedAt: number; readonly id: string };
}

/** What comes in from providers: a report is of whatever tenant its message is of, so this serves them all. */
export interface ReportStore {
  /** Of any tenant, in any order; unknown ones are left out. */
  messages(ids: readonly string[]): Promise<readonly MessageHead[]>;
  /**
   * What the account's provider took under these ids, with the attempt in which it did: of any tenant, in any order. One id
   * may stand for a whole request; of each at most `limit`.
   */
  byProviderIds(
    account: ReportingAccount,
    providerIds: readonly string[],
    limit: number,
  ): Promise<readonly (LeftMessage & { readonly providerId: string })[]>;
  /** Tenants that have messages, in order; only those after `after`. */
  tenants(page: { readonly limit: number; readonly after: string | null }): Promise<readonly string[]>;
  /**
   * Of each address, the latest message that left by the account and was made no later than `before`, with the latest
   * attempt that was not refused.
   */
  latestTo(
    account: ReportingAccount,
    addresses: readonly { readonly tenant: string; readonly addressKey: string }[],
    before: number,
  ): Promise<readonly (LeftMessage & { readonly providerId: string | null })[]>;
  /**
   * One transaction: events are stored once, and folded into outcome and flags (`advance`); what they say of addresses is
   * stored once, and folded into the marks in force (`unsubscribedBy`). It is on the disk when this resolves.
   */
  settle(facts: readonly ReportedFact[]): Promise<readonly SettledFact[]>;
  /** Keeps each once. Of an account at most the newest 10,000 stay, and none that came more than 30 days before `now`. */
  keepUnmatched(
    account: ReportingAccount,
    reports: readonly UnmatchedReportRecord[],
    now: number,
  ): Promise<void>;
  /** Newest first. */
  unmatched(account: ReportingAccount, page: UnmatchedPage): Promise<readonly UnmatchedReportRecord[]>;
}
