import type { Page } from '../cursor.ts';
import type { AccountLimits, AccountPause, AccountRecord, JsonObject, Verification } from '../ports/index.ts';
import type { UnmatchedListOptions, UnmatchedReport } from './list-unmatched.ts';

/** An account as it is saved. */
export interface AccountInput {
  /** Letters, digits, `.`, `_`, `-`; at most 64. Not the key of an adapter: by that the platform's own account is named. */
  readonly key: string;
  /** Key of the adapter that opens it: `smtp`. */
  readonly adapter: string;
  /** What people call it. */
  readonly label?: string | undefined;
  /**
   * As the adapter's schema wants them. A secret that is left out stays as it is stored, so that who changes the port
   * need not know the password; `null` takes it away. Where a setting that says to whom the secrets go is changed (the
   * host), the stored ones are not kept.
   */
  readonly settings: object;
  /**
   * The most messages that leave by it within any such time, each attempt counted: `{ perHour: 300 }`. Whole numbers, 1 or
   * more. What is beyond waits, and leaves when there is room again; a change takes effect at once.
   *
   * `perRecipientPerDay` is another thing: a message to an address that has had so many from this tenant by this account
   * within 24 hours is skipped as `recipient_limit`. It is looked up before a message is written, so two processes that
   * write to one address in the same moment, or a transaction of the host's that is still open, can let one more through.
   */
  readonly limits?: AccountLimits | undefined;
}

/** An account as everybody may see it: without secrets. */
export interface Account {
  readonly key: string;
  readonly adapter: string;
  readonly channel: 'email' | 'sms' | 'internal';
  readonly label: string | null;
  /** Without the secret ones; empty for the platform's own. */
  readonly settings: JsonObject;
  /** Names of the secret settings that are set. None where they were sealed with a key that is gone. */
  readonly hasSecrets: readonly string[];
  /** Why nothing leaves by it at the moment; null where it works. */
  readonly paused: AccountPauseReason | null;
  /** The most messages that leave by it within any such time; null where it has no limits. */
  readonly limits: AccountLimits | null;
  /** The platform's own, given to `createPosthorn` and shared by all tenants. */
  readonly platform: boolean;
  /** Null for the platform's own. */
  readonly createdAt: Date | null;
  readonly updatedAt: Date | null;
}

/** Why an account is paused. */
export interface AccountPauseReason {
  /** `by_hand`, or what made Posthorn pause it: `credentials`. */
  readonly reason: AccountPause['reason'];
  /** One sentence. */
  readonly message: string;
  readonly at: Date;
}

/** Mail servers and providers of one tenant. */
export interface Accounts {
  /**
   * Saves an account, all of it: what is left out is gone, but for secrets. An account that was paused for its
   * credentials is verified (which asks its server), and goes on if they work now.
   *
   * @throws InputError `invalid_input` with every problem of the settings (`settings.host`) or the limits.
   * @throws NotFoundError `unknown_adapter`.
   * @throws ConflictError `account_key_reserved`; `account_in_use` where identities or waiting messages need it to stay
   *   of its channel.
   *
   * @example
   * ```ts
   * import type { Posthorn } from '@posthorn/core';
   *
   * export async function useOwnServer(posthorn: Posthorn, password: string) {
   *   await posthorn.accounts.save({
   *     key: 'own-server',
   *     adapter: 'smtp',
   *     settings: { host: 'smtp.example.dk', port: 587, username: 'hello@example.dk', password },
   *     limits: { perHour: 300 },
   *   });
   * }
   * ```
   */
  save(input: AccountInput): Promise<Account>;
  /** The tenant's own ordered by key, then the platform's. */
  list(): Promise<readonly Account[]>;
  /** Null where there is none by that key. */
  get(key: string): Promise<Account | null>;
  /**
   * Removes an account; answers false where there was none.
   *
   * @throws ConflictError `account_in_use` where an identity names it or messages wait for it; `account_key_reserved` for
   *   the platform's own.
   */
  remove(key: string): Promise<boolean>;
  /**
   * Nothing leaves by it from now on; its messages wait. A platform's account can be paused only by the call that names
   * no tenant.
   *
   * @throws NotFoundError `unknown_account`.
   * @throws ConflictError `account_key_reserved` for the platform's own, under `.tenant()`.
   */
  pause(key: string, options?: { readonly message?: string | undefined }): Promise<Account>;
  /**
   * Ends a pause, whatever it was for; what waited leaves.
   *
   * @throws as `pause`.
   */
  resume(key: string): Promise<Account>;
  /**
   * Tries the account without sending anything: the steps, and how it ended, in words. It does not end a pause.
   *
   * @throws as `pause`; ConfigurationError `secret_unreadable` where its secrets cannot be opened.
   */
  verify(key: string, options?: { readonly signal?: AbortSignal | undefined }): Promise<Verification>;
  /**
   * The address to enter at the account's provider, so that it reports what became of messages (SendGrid's event webhook,
   * the webhook for incoming messages of a Twilio number). What arrives there counts only if the provider has signed it.
   *
   * @throws as `pause`.
   * @throws ConfigurationError `public_url_missing` where `createPosthorn` was given no `publicUrl`; `no_webhook` where the
   *   account's adapter reads no reports.
   */
  webhookUrl(key: string): Promise<string>;
  /**
   * What the account's provider reported of messages that are not ours (another program sends by the same account), newest
   * first: kept for 30 days, at most 10,000. Of the platform's account by the call that names no tenant.
   *
   * @throws as `pause`; InputError `invalid_cursor`, `invalid_input`.
   */
  unmatchedReports(key: string, options?: UnmatchedListOptions): Promise<Page<UnmatchedReport>>;
}

/** A pause as people see it. */
export function pauseOf(pause: AccountPause | null): AccountPauseReason | null {
  return pause === null ? null : { ...pause, at: new Date(pause.at) };
}

/** A stored account as people see it. */
export function accountOf(record: AccountRecord, hasSecrets: readonly string[]): Account {
  return {
    key: record.key,
    adapter: record.adapter,
    channel: record.channel,
    label: record.label,
    settings: record.settings,
    hasSecrets,
    paused: pauseOf(record.pause),
    limits: record.limits,
    platform: false,
    createdAt: new Date(record.createdAt),
    updatedAt: new Date(record.updatedAt),
  };
}
