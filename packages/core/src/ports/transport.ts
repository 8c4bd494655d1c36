import type { ZodType } from 'zod';
import type { Clock } from './clock.ts';
import type { Envelope } from './envelope.ts';
import type { Log } from './log.ts';
import type { Outcome } from './outcome.ts';
import type { PhoneReader } from './phones.ts';
import type { WebhookReceiver } from './webhook.ts';

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
  /** What a message costs, for an adapter that is paid by the message: asked before it is sent. */
  estimate?(settings: S, message: MessageToEstimate): MessageCost;
  /**
   * Of `sms`: the text as it is sent, where the settings have signs of it replaced. It is what previews and exact copies show;
   * `estimate` counts it. Secrets that cannot be read any more are missing from the settings.
   */
  textAsSent?(settings: S, text: string): string;
  /** Of `sms`: loads what is known of phone numbers, once, when the first one is to be read. */
  phones?(): Promise<PhoneReader>;
  /** Of `sms`: whom a message is from where the tenant has no identity; null where the settings name nobody. */
  defaultSender?(settings: S): string | null;
  /** Absent where the provider reports nothing by HTTP. */
  readonly webhook?: WebhookReceiver<S>;
  /** How many messages of a broadcast make a job: the transport's `maxBatch`. Left out: a few hundred. */
  readonly chunkSize?: number;
}

/** What an estimate is asked about. */
export interface MessageToEstimate {
  /** Address of the identity: a number, an alphanumeric sender id, or the provider's id of a group of senders. */
  readonly from: string;
  /** E.164; empty in a preview that is to nobody: it is priced as most messages are. */
  readonly to: string;
  /** All of it. */
  readonly text: string;
}

/** What one message costs. */
export interface MessageCost {
  /** The parts it is sent in, each of which is paid. */
  readonly segments: number;
  /** Of all its parts, as a decimal: `{ amount: '0.70', currency: 'DKK' }`; null where the settings say no price. */
  readonly price: { readonly amount: string; readonly currency: string } | null;
  readonly encoding?: 'gsm-7' | 'ucs-2' | undefined;
  /** The characters that cost the cheaper encoding, each once, in the order of the text: `['…']`. */
  readonly costly?: readonly string[] | undefined;
  /** Set where the provider takes no text of that length. */
  readonly isTooLong?: boolean | undefined;
  /** Why it would not be sent to that number at all; whatever the text is, so it is asked with an empty one, too. */
  readonly refusal?: MessageRefusal | undefined;
  /** False where a recipient cannot answer `STOP`: to an alphanumeric sender; whatever the text is, as `refusal`. */
  readonly canReply?: boolean | undefined;
}

/** Set where the account does not send to the recipient's country, or not from this sender. */
export type MessageRefusal = 'country_not_allowed' | 'sender_not_allowed';

/** An adapter whose settings type does not matter to the reader. */
// biome-ignore lint/suspicious/noExplicitAny: `open` takes its own settings, so no other type accepts every adapter.
export type AnyAdapter = Adapter<any>;

export interface TransportRuntime {
  readonly clock: Clock;
  readonly log: Log;
  /** Where the provider can report what became of messages; absent where the host has no `publicUrl`. */
  readonly webhookUrl?: string | undefined;
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
