import type { Channel, TagCatalogue } from '../ports/index.ts';
import type { RecipientGroup, To } from '../segments/index.ts';
import type { AttachmentInput, EmailPart, InternalPart, SmsPart, TagData } from '../templates/index.ts';
import type { SentMessage } from './message.ts';

/**
 * By what a message travels: one channel; a list, of which the first that reaches the recipient is taken; or `all` of
 * several, a message by each.
 */
export type ChannelChoice = Channel | readonly Channel[] | { readonly all: readonly Channel[] };

/** What `send` takes. Either `template`, or the parts of an ad-hoc composition (`email`, `sms`, `internal`). */
export interface SendInput<
  Tags extends TagCatalogue = TagCatalogue,
  T extends To = To,
  C extends ChannelChoice = ChannelChoice,
> {
  /**
   * One recipient, a group (`{ segment }`, or `{ source, where }`), or a list of both: at most 1,000 people. One who is
   * meant twice gets one message.
   */
  readonly to: T;
  /** Key of a template. */
  readonly template?: string | undefined;
  /** Of the template; the current one where nothing is said. */
  readonly version?: number | undefined;
  readonly email?: EmailPart | undefined;
  readonly sms?: SmsPart | undefined;
  readonly internal?: InternalPart | undefined;
  /** The only channel of the content where nothing is said, else `email`. */
  readonly channel?: C | undefined;
  /** Tag values. They go before those of the recipient's source, tag by tag. */
  readonly data?: TagData<Tags> | undefined;
  /** Key of the identity it is from, or one per channel. Else the template's, else the channel's default sender. */
  readonly identity?: string | { readonly [K in Channel]?: string | undefined } | undefined;
  /** BCP 47. Else the recipient's, else the tenant's. */
  readonly locale?: string | undefined;
  /** IANA. Else the recipient's, else the tenant's. */
  readonly timeZone?: string | undefined;
  /** Extra header fields of an email. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** Where answers to an email go. Else the identity's. */
  readonly replyTo?: string | undefined;
  /** Files of an email, beside the template's. */
  readonly attachments?: readonly AttachmentInput[] | undefined;
  /** Not before then: a `Date`, or ISO 8601. Text without an offset is a clock on the tenant's wall. */
  readonly sendAt?: Date | string | undefined;
  /** Not after then; as `sendAt`. */
  readonly expiresAt?: Date | string | undefined;
  /**
   * Idempotency key: the same call with the same key answers the first one's messages and sends nothing, whoever has
   * joined a group since.
   */
  readonly key?: string | undefined;
  /** The host's open transaction: the messages are there when it commits, or not at all. */
  readonly tx?: unknown;
  /** Answer once each message has been tried. Not with `tx`, nor with a `sendAt` to come. */
  readonly wait?: 'accepted' | undefined;
  /** Aborted before the messages are written, nothing is; while waiting, they stay. */
  readonly signal?: AbortSignal | undefined;
}

/** One recipient by one channel gives a message; several, a group or `all` of several channels give an array. */
export type SendResult<T extends To, C extends ChannelChoice> = T extends readonly unknown[] | RecipientGroup
  ? SentMessage[]
  : C extends { readonly all: readonly Channel[] }
    ? SentMessage[]
    : SentMessage;

/**
 * Sends a message. It is written down before the promise resolves and leaves by itself; what becomes of it is told by
 * `messages.get`, `messages.timeline` and the live events.
 *
 * For one recipient the answer is one message. For an array it is an array in its order: the message of each entry (the
 * same one for a recipient who is named twice), and with `{ all }` each entry's messages, channel by channel.
 *
 * Where a group is named, alone or in an array, it is an array with the messages of each person once: in the order in
 * which they are first named, those of a group in the order of their source. It is empty where nobody is in it.
 *
 * A recipient who is not reached is no error: that message's status is `skipped`, and its `reason` says why.
 *
 * @throws InputError for what is wrong in the call: `invalid_input`, `invalid_address`, `header_injection`,
 *   `invalid_tag_value`, `invalid_query`, `wait_with_tx`, and what content can be wrong about. Nothing is written then.
 * @throws NotFoundError `unknown_template`, `unknown_source`, `unknown_recipient`, `unknown_segment`, `unknown_identity`,
 *   `unknown_account`.
 * @throws ConflictError `idempotency_conflict` where `key` was used for another call.
 * @throws ConfigurationError `no_sender`, `no_account`, `tx_unsupported`, `tx_not_open`, `closed`.
 * @throws StoreError where the database refuses.
 *
 * @example
 * ```ts
 * import type { Posthorn } from '@posthorn/core';
 *
 * export async function confirm(posthorn: Posthorn, booking: { id: number; customer: string }) {
 *   const message = await posthorn.send({
 *     template: 'booking-confirmation',
 *     channel: ['email', 'sms'],
 *     to: { source: 'customers', id: booking.customer },
 *     key: `booking-${booking.id}`,
 *   });
 *   return message.status; // 'queued', or 'skipped' where she has neither address nor number
 * }
 * ```
 */
export type Send<Tags extends TagCatalogue = TagCatalogue> = <
  const T extends To,
  const C extends ChannelChoice = Channel,
>(
  input: SendInput<Tags, T, C>,
) => Promise<SendResult<T, C>>;
