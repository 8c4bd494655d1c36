import type { Channel } from './channel.ts';
import type { JsonObject } from './json.ts';
import type { AccountLimits } from './limits.ts';
import type { FailureCategory } from './outcome.ts';

export interface AccountPause {
  /** `by_hand`, or what made Posthorn pause it. */
  readonly reason: 'by_hand' | FailureCategory;
  /** One sentence. */
  readonly message: string;
  readonly at: number;
}

/** A row of `accounts`. The platform's own accounts stand under the tenant `$platform`, with nothing but their pause. */
export interface AccountRecord {
  readonly tenant: string;
  readonly key: string;
  readonly adapter: string;
  readonly channel: Channel;
  readonly label: string | null;
  /** Without the secret ones. */
  readonly settings: JsonObject;
  /** Sealed JSON object of the secret settings. */
  readonly sealedSecrets: string | null;
  readonly pause: AccountPause | null;
  readonly limits: AccountLimits | null;
  readonly createdAt: number;
  readonly updatedAt: number;
}

export interface AccountStore {
  /**
   * Inserts or replaces; keeps `createdAt` and the pause of what was there. With other limits than before the account
   * counts as open, and the next turn finds out.
   */
  save(record: AccountRecord): Promise<void>;
  get(tenant: string, key: string): Promise<AccountRecord | undefined>;
  /** Ordered by key. */
  list(tenant: string): Promise<readonly AccountRecord[]>;
  /** Nothing happens to an account that an identity names, or by which work is waiting. */
  remove(tenant: string, key: string): Promise<'removed' | 'missing' | 'named_by_identity' | 'work_waiting'>;
  /** Answers whether anything changed; `updatedAt` then is now. Inserts the row of a platform account that has none yet. */
  setPause(account: PausableAccount, pause: AccountPause | null, now: number): Promise<boolean>;
  /** Every paused account of every tenant. */
  paused(): Promise<readonly { readonly tenant: string; readonly key: string }[]>;
  /** Rows whose secrets are sealed with another key than `keyId`, for rotation; a page at a time. */
  sealedWithout(keyId: string, limit: number): Promise<readonly AccountRecord[]>;
  /** Replaces the sealed secrets if they still are `before`. */
  reseal(tenant: string, key: string, before: string, after: string): Promise<boolean>;
}

/** What is needed to make the row of a platform account. */
export type PausableAccount = Pick<AccountRecord, 'tenant' | 'key' | 'adapter' | 'channel'>;
