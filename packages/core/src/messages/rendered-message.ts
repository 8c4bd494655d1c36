import { textAsSent } from '../accounts/index.ts';
import type { Context, Opened, Scope } from '../context.ts';
import type {
  AttachmentRef,
  Channel,
  Mailbox,
  MessageRecord,
  Skeleton,
  StoredMessage,
} from '../ports/index.ts';
import { joinPart, MASK } from '../templates/index.ts';
import { outgoingHeaders, withUnsubscribeLink } from '../unsubscribe/index.ts';
import { loadWhole } from './load-messages.ts';
import { maskSlots } from './mask-slots.ts';

/** What was sent, to the letter; values of sensitive tags are masked. */
export interface RenderedMessage {
  readonly channel: Channel;
  readonly from: Mailbox;
  readonly replyTo: Mailbox | null;
  readonly to: { readonly name: string | null; readonly address: string | null };
  /** Subject of an email, title of an internal message. */
  readonly subject: string | null;
  /** Null where the email has no HTML part, and for other channels. */
  readonly html: string | null;
  /**
   * Text part of an email, the text message, body of an internal message; null where there was no content. An SMS account that
   * replaces signs does so here, too, by its settings of today.
   */
  readonly text: string | null;
  /** The extra header fields; those of bulk mail say where to unsubscribe, by today's `publicUrl`. */
  readonly headers: Readonly<Record<string, string>>;
  readonly attachments: readonly RenderedAttachment[];
}

/** A file that travelled with an email. */
export interface RenderedAttachment {
  readonly filename: string;
  readonly mediaType: string;
  readonly sizeBytes: number;
  /** Content id of an image that the HTML shows. */
  readonly inline: string | null;
}

/** The exact copy of a message. */
export async function renderedMessage(context: Context, scope: Scope, id: string): Promise<RenderedMessage> {
  const opened = await context.open();
  const { store } = opened;
  const stored = await loadWhole(store, scope, id);
  const { message } = stored;
  const skeleton = await store.content.getSkeleton(scope.tenant, message.skeletonId);
  return {
    channel: message.channel,
    from: message.from,
    replyTo: message.replyTo,
    to: { name: message.toName, address: message.address },
    ...(await partsAsSent(context, opened, message, skeleton)),
    headers: await outgoingHeaders(context, opened.keyring, message),
    attachments: filesOf(skeleton, stored).map(renderedAttachment),
  };
}

type Parts = Pick<RenderedMessage, 'subject' | 'html' | 'text'>;

/** Stands for a masked value while signs are replaced, as the mask is one of them. No message holds this character. */
const HIDDEN = '\f';

async function partsAsSent(
  context: Context,
  opened: Opened,
  message: MessageRecord,
  skeleton: Skeleton | undefined,
): Promise<Parts> {
  const slots = (mask: string) =>
    withUnsubscribeLink(context, opened.keyring, message, maskSlots(message.slots, mask));
  if (skeleton?.channel !== 'sms') return partsOf(skeleton, await slots(MASK));
  const account = { tenant: message.accountTenant, key: message.account };
  const text = await textAsSent(context, opened, account, joinPart(skeleton.text, await slots(HIDDEN)));
  return { subject: null, html: null, text: text.replaceAll(HIDDEN, MASK) };
}

function partsOf(skeleton: Skeleton | undefined, slots: readonly string[]): Parts {
  switch (skeleton?.channel) {
    case 'email':
      return {
        subject: joinPart(skeleton.subject, slots),
        html: skeleton.html === undefined ? null : joinPart(skeleton.html, slots),
        text: joinPart(skeleton.text, slots),
      };
    case 'sms':
      return { subject: null, html: null, text: joinPart(skeleton.text, slots) };
    case 'internal':
      return { subject: joinPart(skeleton.title, slots), html: null, text: joinPart(skeleton.body, slots) };
    case undefined:
      return { subject: null, html: null, text: null };
  }
}

function filesOf(skeleton: Skeleton | undefined, { message }: StoredMessage): readonly AttachmentRef[] {
  return [...(skeleton?.channel === 'email' ? skeleton.attachments : []), ...message.attachments];
}

function renderedAttachment({
  filename,
  mediaType,
  sizeBytes,
  contentId,
}: AttachmentRef): RenderedAttachment {
  return { filename, mediaType, sizeBytes, inline: contentId ?? null };
}
