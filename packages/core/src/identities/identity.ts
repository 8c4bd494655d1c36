import type { IdentityRecord } from '../ports/index.ts';

/** Who a message is from, as it is saved. */
export interface IdentityInput {
  /** Letters, digits, `.`, `_`, `-`; at most 64. Unique per channel. */
  readonly key: string;
  readonly channel: 'email' | 'sms';
  /** The name beside the address. */
  readonly name?: string | undefined;
  /**
   * Email address; for `sms` a phone number, 1 to 11 letters, digits and spaces with a letter among them, or the id of a
   * messaging service (`MG` and 32 hexadecimal digits).
   */
  readonly address: string;
  /** Where answers go; for emails only. */
  readonly replyTo?: string | undefined;
  /** The account it travels by; the channel's default where nothing is said. */
  readonly account?: string | undefined;
  /**
   * Makes it the channel's default sender. Left out, it stays what it is; the first of a channel becomes it anyway.
   */
  readonly default?: boolean | undefined;
  /** Makes its address the one that customers are shown; for emails only. As `default`. */
  readonly contact?: boolean | undefined;
}

/** Who a message is from. */
export interface Identity {
  readonly key: string;
  readonly channel: 'email' | 'sms' | 'internal';
  readonly name: string | null;
  readonly address: string;
  readonly replyTo: string | null;
  /** Null: the channel's default account. */
  readonly account: string | null;
  readonly default: boolean;
  readonly contact: boolean;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

/** The address that customers are shown. */
export interface ContactAddress {
  readonly name: string | null;
  readonly address: string;
}

/** The senders of one tenant. A channel with identities always has one default sender, and emails one contact address. */
export interface Identities {
  /**
   * Saves an identity, all of it: what is left out is gone, but for the marks `default` and `contact`.
   *
   * @throws InputError `invalid_input`, `invalid_address`, `header_injection`.
   * @throws NotFoundError `unknown_account` where the account is not there, or of another channel.
   * @throws ConflictError `default_required` where it holds a mark and gives `false` for it.
   *
   * @example
   * ```ts
   * import type { Posthorn } from '@posthorn/core';
   *
   * export async function introduce(posthorn: Posthorn) {
   *   await posthorn.identities.save({
   *     key: 'salon',
   *     channel: 'email',
   *     name: 'Salon Sol',
   *     address: 'hello@example.dk',
   *     default: true,
   *     contact: true,
   *   });
   * }
   * ```
   */
  save(input: IdentityInput): Promise<Identity>;
  /** Ordered by channel and key. */
  list(options?: { readonly channel?: 'email' | 'sms' | undefined }): Promise<readonly Identity[]>;
  /** Null where there is none by that key. */
  get(channel: 'email' | 'sms', key: string): Promise<Identity | null>;
  /**
   * Removes an identity; answers false where there was none.
   *
   * @throws ConflictError `default_required` where it holds a mark and is not the last of its kind.
   */
  remove(channel: 'email' | 'sms', key: string): Promise<boolean>;
  /** The contact address, for the webshop and the online booking; null where there is no email identity. */
  contact(): Promise<ContactAddress | null>;
  /** The channel's default sender; null where it has no identity. */
  default(channel: 'email' | 'sms'): Promise<Identity | null>;
}

/** A row as people see it. */
export function identityOf(record: IdentityRecord): Identity {
  return {
    key: record.key,
    channel: record.channel,
    name: record.name,
    address: record.address,
    replyTo: record.replyTo,
    account: record.account,
    default: record.isDefault,
    contact: record.isContact,
    createdAt: new Date(record.createdAt),
    updatedAt: new Date(record.updatedAt),
  };
}
