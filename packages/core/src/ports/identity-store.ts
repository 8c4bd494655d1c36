import type { Channel } from './channel.ts';

/** A row of `identities`; its key is unique per tenant and channel. */
export interface IdentityRecord {
  readonly tenant: string;
  readonly channel: Channel;
  readonly key: string;
  readonly name: string | null;
  /** Email address, number or alphanumeric sender id. */
  readonly address: string;
  readonly replyTo: string | null;
  /** The account it travels by; null: the channel's default account. */
  readonly account: string | null;
  readonly isDefault: boolean;
  readonly isContact: boolean;
  readonly createdAt: number;
  readonly updatedAt: number;
}

/**
 * Keeps two laws in every operation, atomically: a tenant with identities on a channel has exactly one default there, and
 * a tenant with email identities has exactly one contact address. The first saved becomes both.
 */
export interface IdentityStore {
  /** Moves the marks it carries here; refuses to save the holder of a mark without it. */
  save(record: IdentityRecord): Promise<'saved' | 'is_default' | 'is_contact'>;
  get(tenant: string, channel: Channel, key: string): Promise<IdentityRecord | undefined>;
  defaultOf(tenant: string, channel: Channel): Promise<IdentityRecord | undefined>;
  contactOf(tenant: string): Promise<IdentityRecord | undefined>;
  /** Ordered by channel and key. */
  list(tenant: string, channel?: Channel): Promise<readonly IdentityRecord[]>;
  /** The holder of a mark goes only as the last of its kind. */
  remove(
    tenant: string,
    channel: Channel,
    key: string,
  ): Promise<'removed' | 'missing' | 'is_default' | 'is_contact'>;
}
