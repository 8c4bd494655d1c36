import type { MessageSummary } from '../events/index.ts';
import type { Mailbox } from '../ports/index.ts';

/**
 * A message as people see it: what it is, whom it is to, and what became of it. Values of `sensitive` tags are masked.
 * What was sent to the letter is in `messages.rendered`, how it got there in `messages.timeline`.
 */
export interface Message extends MessageSummary {
  /** Null for an ad-hoc composition. */
  readonly template: { readonly key: string; readonly version: number } | null;
  /** When what it said was removed, as its template's retention says; null while it is there. */
  readonly redactedAt: Date | null;
  /** Subject of an email, title of an internal message; null for others, and once it was removed. */
  readonly subject: string | null;
  /** How its text begins, at most 200 characters; empty once it was removed. */
  readonly preview: string;
  readonly replyTo: Mailbox | null;
  readonly locale: string;
  readonly timeZone: string;
  /** When it was asked to leave; null: at once. */
  readonly sendAt: Date | null;
  /** After this it is not sent any more. */
  readonly expiresAt: Date | null;
  /** When what is known of it changed last. */
  readonly changedAt: Date;
}

/** A message that `send` answers. */
export interface SentMessage extends Message {
  /** The idempotency `key` had been used: this is the message of the first call, and nothing was sent now. */
  readonly repeated: boolean;
}
