import type { Transport } from '@posthorn/core';

/**
 * What the scripted provider does with a message:
 *
 * - `accept`: takes it.
 * - `refuse`: refuses it for good, and says so in words that hold a line break and a NUL, the account's secrets and more
 *   than 1,000 characters.
 * - `defer`: refuses it for now.
 * - `cut`: takes all of it, and ends the connection without an answer.
 * - `hold`: takes all of it, and answers when `release` is called: it accepts then.
 */
export type ProviderBehaviour = 'accept' | 'refuse' | 'defer' | 'cut' | 'hold';

/** `wrong_credentials`: the provider is there, but the account's password or key is wrong; `unreachable`: nobody is there. */
export type AccountState = 'right' | 'wrong_credentials' | 'unreachable';

/** A transport, and the scripted provider that it was opened on. */
export interface TransportHarness {
  readonly transport: Transport;
  /** Every message to this address meets this from now on; others are accepted. */
  behave(address: string, behaviour: ProviderBehaviour): void;
  /** Resolves once the provider has so many messages on hold. */
  held(count: number): Promise<void>;
  /** Answers everything that is on hold, now and later. */
  release(): void;
  /** Every message that reached the provider whole, in order; those it took and those it cut or held. */
  arrived(): Promise<readonly ArrivedMessage[]>;
  /** The most messages that the provider had under way at once. */
  peak(): number;
  /** The account's secret settings, as they were given. */
  readonly secrets: readonly string[];
  /** Ends the provider. */
  close(): Promise<void>;
}

/** A message as its reader sees it. */
export interface ArrivedMessage {
  readonly to: string;
  readonly text: string;
  /** Email only. */
  readonly subject?: string;
  readonly html?: string;
  /** Lower-case names; every field of a name, in order. */
  readonly headers?: ReadonlyMap<string, readonly string[]>;
  readonly attachments?: readonly ArrivedAttachment[];
}

export interface ArrivedAttachment {
  readonly filename: string;
  readonly mediaType: string;
  readonly disposition: 'attachment' | 'inline';
  readonly contentId?: string;
  readonly content: Uint8Array;
}

/** What is put to the test. */
export interface TransportSubject {
  /** For the test's title. */
  readonly name: string;
  readonly channel: 'email' | 'sms';
  /** A provider of its own for every law, and a transport on it. */
  open(account: AccountState): Promise<TransportHarness>;
}

/** Something that every transport must do. `check` throws where it does not. */
export interface TransportLaw {
  readonly name: string;
  /** Absent where it holds for every channel. */
  readonly channel?: 'email' | 'sms';
  check(subject: TransportSubject): Promise<void>;
}
