import type { Channel } from './channel.ts';
import type { JsonObject } from './json.ts';

export type SuppressionReason = 'invalid' | 'complained' | 'unsubscribed' | 'blocked';

/** A row of `suppressions`. At most one per address and reason is in force. */
export interface SuppressionRecord {
  readonly tenant: string;
  readonly id: string;
  readonly channel: Channel;
  /** HMAC of the normalised address: what is compared, and what stays after an erasure. */
  readonly addressKey: string;
  /** As people write it; null once erased. */
  readonly address: string | null;
  readonly reason: SuppressionReason;
  /** What it rests on: who did it and why, or the bounce. */
  readonly evidence: JsonObject;
  readonly createdAt: number;
  readonly liftedAt: number | null;
  readonly lifted: JsonObject | null;
}

export interface SuppressionPage {
  readonly limit: number;
  /** Only those older than this one. */
  readonly before?: { readonly createdAt: number; readonly id: string };
}

export interface SuppressionStore {
  /** Answers the one in force: the new one, or the one that was there already. */
  add(record: SuppressionRecord): Promise<SuppressionRecord>;
  /** Ends every one in force for the address, or only that with the reason. Answers those it ended. */
  lift(
    tenant: string,
    channel: Channel,
    addressKey: string,
    lifted: JsonObject,
    now: number,
    reason?: SuppressionReason,
  ): Promise<readonly SuppressionRecord[]>;
  /** In force, by address key: the earliest per address. */
  find(
    tenant: string,
    channel: Channel,
    addressKeys: readonly string[],
  ): Promise<ReadonlyMap<string, SuppressionRecord>>;
  /** All of one address, lifted ones too, newest first. */
  history(tenant: string, channel: Channel, addressKey: string): Promise<readonly SuppressionRecord[]>;
  /** In force, newest first. */
  list(
    tenant: string,
    channel: Channel | undefined,
    page: SuppressionPage,
  ): Promise<readonly SuppressionRecord[]>;
}
