import { type EmailEnvelope, type EmailSkeleton, joinPart } from '@posthorn/core';
import { extraField, mailboxField, textField } from './header-field.ts';
import { asciiDomain, domainOf, isAscii } from './mail-address.ts';
import { frameOf, type Texts } from './mime-frame.ts';
import { type MimeLibrary, mimeLibrary } from './mime-library.ts';
import type { SmtpSettings } from './settings.ts';
import { signatureField } from './sign-message.ts';
import { type BodyPieces, spliceBody } from './splice-body.ts';
import { encodeTextPart, spliceTextPart, type TextPart } from './text-part.ts';

/** One message, as it goes over the wire. */
export interface ComposedMessage {
  /** The return path: where bounces go. */
  readonly from: string;
  readonly to: string;
  /** Whose address needs SMTPUTF8 (RFC 6531), in the envelope or a header; the sender's where both do. */
  readonly international: 'sender' | 'recipient' | null;
  /** Complete MIME with CRLF line breaks. Dots at the beginning of lines are the wire's affair. */
  readonly bytes: Buffer;
}

/**
 * Turns an envelope into MIME, signed where the account has a key: what nodemailer built of the skeleton once, with this
 * message's slots, files and fields in their places. The same envelope gives the same bytes.
 */
export async function composeMessage(
  envelope: EmailEnvelope,
  settings: SmtpSettings,
): Promise<ComposedMessage> {
  const mime = await mimeLibrary();
  const { skeleton, slots, attachments } = envelope;
  const addresses = addressesOf(envelope);
  const texts = spliceTexts(skeleton, slots);
  const frame = await frameOf(mime, skeleton, texts, attachments);
  const body = spliceBody(mime, frame, texts, attachments);
  const fields = [...frame.before, ...messageFields(mime, envelope, addresses, settings), ...frame.after];
  const signature = await signatureField(mime, fields, body, settings);
  const { from, to, replyTo } = addresses;
  const senderIsAscii = isAscii(from) && isAscii(replyTo);
  return {
    from: returnPathOf(envelope, from, settings),
    to,
    international: senderIsAscii ? (isAscii(to) ? null : 'recipient') : 'sender',
    bytes: joinMessage(signature === undefined ? fields : [signature, ...fields], body),
  };
}

/** With their domains as the wire wants them. */
interface Addresses {
  readonly from: string;
  readonly to: string;
  /** Empty where there is none. */
  readonly replyTo: string;
}

function addressesOf({ from, to, replyTo }: EmailEnvelope): Addresses {
  return {
    from: asciiDomain(from.address),
    to: asciiDomain(to.address),
    replyTo: replyTo === undefined ? '' : asciiDomain(replyTo.address),
  };
}

/** SMTPUTF8 is declared for addresses of the envelope: a sender who needs it has to stand there. */
function returnPathOf({ returnToken }: EmailEnvelope, from: string, { bounceDomain }: SmtpSettings): string {
  if (bounceDomain === undefined || !isAscii(from)) return from;
  return asciiDomain(`b-${returnToken}@${bounceDomain}`);
}

interface EncodedTexts {
  readonly text: TextPart;
  readonly html: TextPart;
}

const textsOfSkeletons = new WeakMap<EmailSkeleton, EncodedTexts>();

/** A skeleton's texts, encoded once. Core hands over one object for all messages of a content, as long as it keeps it. */
function textsOf(skeleton: EmailSkeleton): EncodedTexts {
  let texts = textsOfSkeletons.get(skeleton);
  if (texts === undefined) {
    texts = { text: encodeTextPart(skeleton.text), html: encodeTextPart(skeleton.html ?? []) };
    textsOfSkeletons.set(skeleton, texts);
  }
  return texts;
}

function spliceTexts(skeleton: EmailSkeleton, slots: readonly string[]): Texts {
  const { text, html } = textsOf(skeleton);
  return { text: spliceTextPart(text, slots), html: spliceTextPart(html, slots) };
}

/** Fields that are ours alone. Core refuses them among the extra ones; this is the last door. */
const OWN_FIELD = /^(?:from|to|reply-to|bcc|subject|message-id|date|dkim-signature|mime-.*|content-.*)$/i;
/** By which the reports of SendGrid's relay say whose they are; it takes the field away. */
const RELAY_FIELD = /^x-smtpapi$/i;

/** In nodemailer's order. */
function messageFields(
  mime: MimeLibrary,
  { messageId, returnToken, createdAt, headers, from, to, replyTo, skeleton, slots }: EmailEnvelope,
  addresses: Addresses,
  { reportedBy }: SmtpSettings,
): readonly string[] {
  const isReported = reportedBy !== undefined;
  const isExtra = (name: string) => !(OWN_FIELD.test(name) || (isReported && RELAY_FIELD.test(name)));
  const extra = Object.entries(headers).filter(([name]) => isExtra(name));
  return [
    ...extra.map(([name, value]) => extraField(mime, name, value)),
    mailboxField(mime, 'From', { ...from, address: addresses.from }),
    mailboxField(mime, 'To', { ...to, address: addresses.to }),
    replyTo ? mailboxField(mime, 'Reply-To', { ...replyTo, address: addresses.replyTo }) : '',
    textField(mime, 'Subject', joinPart(skeleton.subject, slots)),
    textField(mime, 'Message-ID', `<${messageId}@${domainOf(addresses.from)}>`),
    `Date: ${new Date(createdAt).toUTCString().replace('GMT', '+0000')}`,
    isReported ? `X-SMTPAPI: {"unique_args":\r\n {"posthorn_token":${JSON.stringify(returnToken)}}}` : '',
  ].filter((field) => field !== '');
}

function joinMessage(fields: readonly string[], body: BodyPieces): Buffer {
  const [first, ...others] = body;
  const beginning = Buffer.from(`${fields.join('\r\n')}\r\n\r\n${first}`);
  if (others.length === 0) return beginning;
  return Buffer.concat([
    beginning,
    ...others.map((piece) => (typeof piece === 'string' ? Buffer.from(piece) : piece)),
  ]);
}
