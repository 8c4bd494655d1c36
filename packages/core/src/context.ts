import type { LiveEvents } from './events/index.ts';
import type {
  AccountLimits,
  AnyAdapter,
  Clock,
  Log,
  OpenedBackend,
  RecipientSource,
  TagCatalogue,
} from './ports/index.ts';
import type { Keyring, Vault } from './secrets/index.ts';

/** What every room is given: the set-up of one `createPosthorn`, checked. */
export interface Context {
  readonly clock: Clock;
  readonly log: Log;
  /** By adapter key; the first of a channel that brings a platform account is the channel's default. */
  readonly adapters: ReadonlyMap<string, AnyAdapter>;
  /** Of the platform's accounts, by adapter key. */
  readonly limits: ReadonlyMap<string, AccountLimits>;
  readonly sources: ReadonlyMap<string, RecipientSource>;
  readonly tags: TagCatalogue;
  readonly vault: Vault;
  readonly live: LiveEvents;
  /** Where the host has mounted the handler, without a slash at the end; null where it is not said. */
  readonly publicUrl: string | null;
  /** Opens the backend on first use; rejects with `closed` once the instance is closed. */
  open(): Promise<Opened>;
}

export interface Opened extends OpenedBackend {
  readonly keyring: Keyring;
}

/** Whom a call is for. */
export interface Scope {
  readonly tenant: string;
  /** False for a host with one company, which never names a tenant. */
  readonly scoped: boolean;
  /** The tenant's own, where a recipient has none. */
  readonly locale: string;
  readonly timeZone: string;
  /** ISO 3166-1: of phone numbers without a country code. Null where none may be guessed. */
  readonly country: string | null;
}

/** The tenant of a host that names none. */
export const DEFAULT_TENANT = 'default';

/** Owns the platform's accounts; no host's tenant may be called so. */
export const PLATFORM_TENANT = '$platform';
