import type { AttachmentRef, EmailSkeleton, SmsSkeleton } from './skeleton.ts';

/** One message, ready to be handed over: nothing in it is still to be decided. */
export type Envelope = EmailEnvelope | SmsEnvelope;

export interface Mailbox {
  /** Display name; never holds a line break. */
  readonly name?: string;
  /** `local@domain`, already checked. May hold UTF-8 in the local part; the domain is as it was given (IDN or A-labels). */
  readonly address: string;
}

interface EnvelopeBase {
  readonly messageId: string;
  /** 1 for the first hand-over. */
  readonly attempt: number;
  readonly tenant: string;
  readonly slots: readonly string[];
  /**
   * Names this message and attempt to the outside world and proves that we wrote it (HMAC). Only `a-z0-9`, at most 56
   * characters, so it fits into the local part of a return path (VERP) and survives case folding.
   */
  readonly returnToken: string;
  /** When the message was made, in ms since the epoch: its `Date`, the same for every attempt. */
  readonly createdAt: number;
}

export interface EmailEnvelope extends EnvelopeBase {
  readonly channel: 'email';
  readonly from: Mailbox;
  readonly replyTo?: Mailbox;
  readonly to: Mailbox;
  readonly skeleton: EmailSkeleton;
  /** Extra header fields, already checked against injection and reserved names. */
  readonly headers: Readonly<Record<string, string>>;
  readonly attachments: readonly AttachmentContent[];
}

export interface SmsEnvelope extends EnvelopeBase {
  readonly channel: 'sms';
  /** Number, or alphanumeric sender id. */
  readonly from: string;
  /** E.164: `+4512345678`. */
  readonly to: string;
  readonly skeleton: SmsSkeleton;
}

export interface AttachmentContent extends AttachmentRef {
  readonly content: Uint8Array;
}
