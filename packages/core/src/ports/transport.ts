import type { ZodType } from 'zod';
import type { Clock } from './clock.ts';
import type { Envelope } from './envelope.ts';
import type { Log } from './log.ts';
import type { Outcome } from './outcome.ts';

/**
 * Opens transports of one kind. `settings` checks what a company typed in; the fields named in `secrets` are sealed at
 * rest and never given back.
 */
export interface Adapter<S extends object = never> {
  readonly key: string;
  readonly channel: 'email' | 'sms';
  readonly settings: ZodType<S>;
  readonly secrets: readonly (keyof S & string)[];
  /**
   * The settings that say to whom the secrets are given (`host`): where one changes, the stored secrets are not kept, or
   * whoever may save an account could have its password sent to a server of their own.
   */
  readonly secretsGoTo?: readonly (keyof S & string)[];
  /** The platform's own account, the default of every tenant; absent where only companies bring accounts. Unchecked. */
  readonly platform?: unknown;
  /** Opens no connection yet. */
  open(settings: S, runtime: TransportRuntime): Transport;
  /** What a message costs, for an adapter that is paid by the message: asked before a broadcast is sent. */
  estimate?(settings: S, message: { readonly to: string; readonly text: string }): MessageCost;
}

/** What one message costs. */
export interface MessageCost {
  /** The parts it is sent in, each of which is paid. */
  readonly segments: number;
  /** Of all its parts, as a decimal: `{ amount: '0.70', currency: 'DKK' }`; null where the settings say no price. */
  readonly price: { readonly amount: string; readonly currency: string } | null;
}

/** An adapter whose settings type does not matter to the reader. */
// biome-ignore lint/suspicious/noExplicitAny: `open` takes its own settings, so no other type accepts every adapter.
export type AnyAdapter = Adapter<any>;

export interface TransportRuntime {
  readonly clock: Clock;
  readonly log: Log;
}

/** An opened account. */
export interface Transport {
  readonly features: TransportFeatures;
  /**
   * Hands the envelopes over. `onOutcome` is called exactly once for each, as soon as it is known; the promise resolves
   * after the last. An aborted signal stops what has not been handed over: those are `refused`, retryable; what may have
   * been sent is `unknown`. Rejects only on a programming error; never for what a server or a network does.
   */
  send(batch: readonly Envelope[], options: SendOptions): Promise<void>;
  /**
   * Tries the account without sending anything to anybody, as far as asking whether it may send from `sender`, where one
   * is known. Never rejects for what it finds.
   */
  verify(options: { readonly signal: AbortSignal; readonly sender?: string }): Promise<Verification>;
  /** Ends idle connections. What is in flight has been waited for by the caller. May be called twice. */
  close(): Promise<void>;
}

export interface TransportFeatures {
  /** The most envelopes that one hand-over can carry. */
  readonly maxBatch: number;
  /**
   * The most envelopes that may be in doubt at once for one process and account. It is refilled when a quarter is left, as
   * every refill is a commit: a quarter should keep the transport busy for a moment.
   */
  readonly window: number;
  readonly attachments: boolean;
  /** How the provider tells what became of a message afterwards. */
  readonly reports: 'webhook' | 'dsn' | 'none';
  readonly tracking: boolean;
}

export interface SendOptions {
  readonly signal: AbortSignal;
  onOutcome(messageId: string, outcome: Outcome): void;
}

/** What `verify` tried, in order, and how it ended. */
export interface Verification {
  readonly ok: boolean;
  /** One sentence for the person who typed the settings in. */
  readonly message: string;
  readonly steps: readonly VerificationStep[];
}

export interface VerificationStep {
  readonly name: 'name' | 'connection' | 'tls' | 'greeting' | 'credentials' | 'sender';
  readonly ok: boolean;
  readonly message: string;
}
