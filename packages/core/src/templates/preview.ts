import type { Channel, Mailbox, MessageRefusal, TagCatalogue } from '../ports/index.ts';
import type { Recipient } from '../recipients/index.ts';
import type { TagData } from './tag-data.ts';
import type { AttachmentInput, EmailPart, InternalPart, SmsPart } from './template.ts';
import type { Attachment } from './template-view.ts';

/** What `preview` takes: either `template`, or the parts of an ad-hoc composition (`email`, `sms`, `internal`). */
export interface PreviewInput<Tags extends TagCatalogue = TagCatalogue> {
  /** Key of a template. */
  readonly template?: string | undefined;
  /** Of the template; the current one where nothing is said. */
  readonly version?: number | undefined;
  readonly email?: EmailPart | undefined;
  readonly sms?: SmsPart | undefined;
  readonly internal?: InternalPart | undefined;
  /** The only channel of the content where nothing is said, else `email`. */
  readonly channel?: Channel | undefined;
  /** Who will read it. Without a recipient it is shown with the tenant's language and zone. */
  readonly to?: Recipient | undefined;
  /** Tag values. They go before those of the recipient's source, tag by tag; with neither, examples are shown. */
  readonly data?: TagData<Tags> | undefined;
  /** BCP 47. Else the recipient's, else the tenant's. */
  readonly locale?: string | undefined;
  /** IANA. Else the recipient's, else the tenant's. */
  readonly timeZone?: string | undefined;
  /** Key of the identity it is from. Else the template's, else the channel's default sender. */
  readonly identity?: string | undefined;
  /** Files of an email, beside the template's. */
  readonly attachments?: readonly AttachmentInput[] | undefined;
}

/** What a recipient will see. Nothing is stored and nothing sent. */
export interface Preview {
  readonly channel: Channel;
  readonly locale: string;
  readonly timeZone: string;
  /** Null where there is no sender yet. */
  readonly from: Mailbox | null;
  /** Null where there is no recipient, or none with an address for the channel. */
  readonly to: Mailbox | null;
  /** Subject of an email, title of an internal message. */
  readonly subject: string | null;
  /** Null where the email has no HTML part, and for other channels. */
  readonly html: string | null;
  /** Text part of an email, the text message, body of an internal message; null where there is no such part. */
  readonly text: string | null;
  readonly attachments: readonly Attachment[];
  /** Of a text message: what it would cost. Null where nothing is paid by the message. A broadcast may add a line to opt out. */
  readonly sms: PreviewSms | null;
  /** What a person should look at before sending; empty where all is well. */
  readonly warnings: readonly PreviewWarning[];
}

/** What a text message would cost. */
export interface PreviewSms {
  /** Characters, as people count them. */
  readonly length: number;
  /** The parts it is sent in, each of which is paid. */
  readonly segments: number;
  /** `ucs-2` holds 70 characters in a part, `gsm-7` 160. Null where the adapter does not say. */
  readonly encoding: 'gsm-7' | 'ucs-2' | null;
  /** Of all parts; null where the account says no price. */
  readonly price: { readonly amount: string; readonly currency: string } | null;
  /** The characters that make it `ucs-2`, each once. */
  readonly costly: readonly string[];
}

/** Something that a person should look at before sending. */
export interface PreviewWarning {
  readonly code: PreviewWarningCode;
  /** A sentence. */
  readonly message: string;
  /** The tag it is about. */
  readonly tag?: string;
  /** The part it is about: `subject`, `html`, `text`, `title`, `body`. */
  readonly part?: string;
}

/**
 * - `no_content`: there is no part for the channel.
 * - `no_address`, `invalid_address`, `landline`, `suppressed`, `country_not_allowed`, `sender_not_allowed`: this recipient
 *   would be skipped.
 * - `sms_unicode`: some characters make the text message dearer.
 * - `sms_too_long`: it is longer than the provider takes, and would be refused.
 * - `no_sender`: the channel has no identity yet.
 * - `example_data`: the values shown are examples.
 * - `empty_tag`: a tag of the content has no value.
 * - `empty_subject`: nothing is left of the subject.
 * - `empty_link`: a link or an image leads nowhere: no address, `#`, relative, or a domain that is for examples.
 */
export type PreviewWarningCode =
  | 'no_content'
  | 'no_address'
  | 'invalid_address'
  | 'landline'
  | 'suppressed'
  | MessageRefusal
  | 'sms_unicode'
  | 'sms_too_long'
  | 'no_sender'
  | 'example_data'
  | 'empty_tag'
  | 'empty_subject'
  | 'empty_link';

/**
 * Shows what a recipient will see, with real or example data, and what is wrong with it. Values of `sensitive` tags are
 * replaced by their examples.
 *
 * @throws InputError for what is wrong in the call: `invalid_input`, `invalid_address`, `invalid_tag_value`, and what
 *   content can be wrong about.
 * @throws NotFoundError `unknown_template`, `unknown_source`, `unknown_recipient`, `unknown_identity`.
 *
 * @example
 * ```ts
 * import type { Posthorn } from '@posthorn/core';
 *
 * export async function check(posthorn: Posthorn) {
 *   const preview = await posthorn.preview({
 *     template: 'booking-confirmation',
 *     channel: 'email',
 *     to: { source: 'customers', id: '17' },
 *   });
 *   return preview.warnings.map(({ message }) => message);
 * }
 * ```
 */
export type PreviewMessage<Tags extends TagCatalogue = TagCatalogue> = (
  input: PreviewInput<Tags>,
) => Promise<Preview>;
