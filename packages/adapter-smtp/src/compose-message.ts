import { domainToASCII } from 'node:url';
import { type EmailEnvelope, joinPart, type Mailbox } from '@posthorn/core';
import { asciiDomain, domainOf, isAscii } from './mail-address.ts';
import type { SmtpSettings } from './settings.ts';

/** One message, as it goes over the wire. */
export interface ComposedMessage {
  /** The return path: where bounces go. */
  readonly from: string;
  readonly to: string;
  /** Whose address needs SMTPUTF8 (RFC 6531), in the envelope or a header; the sender's where both do. */
  readonly international: 'sender' | 'recipient' | null;
  readonly bytes: Buffer;
}

/** Turns an envelope into MIME, signed where the account has a key. The same envelope gives the same Message-ID and Date. */
export async function composeMessage(
  envelope: EmailEnvelope,
  settings: SmtpSettings,
): Promise<ComposedMessage> {
  const from = asciiDomain(envelope.from.address);
  const to = asciiDomain(envelope.to.address);
  const replyTo = envelope.replyTo && { ...envelope.replyTo, address: asciiDomain(envelope.replyTo.address) };
  const senderIsAscii = isAscii(from) && isAscii(replyTo?.address ?? '');
  return {
    from: returnPathOf(envelope, from, settings),
    to,
    international: senderIsAscii ? (isAscii(to) ? null : 'recipient') : 'sender',
    bytes: await sign(await buildMime(envelope, { from, to, replyTo }), settings),
  };
}

/** SMTPUTF8 is declared for addresses of the envelope: a sender who needs it has to stand there. */
function returnPathOf({ returnToken }: EmailEnvelope, from: string, { bounceDomain }: SmtpSettings): string {
  if (bounceDomain === undefined || !isAscii(from)) return from;
  return `b-${returnToken}@${domainToASCII(bounceDomain)}`;
}

interface Addresses {
  readonly from: string;
  readonly to: string;
  readonly replyTo: Mailbox | undefined;
}

async function buildMime(envelope: EmailEnvelope, { from, to, replyTo }: Addresses): Promise<Buffer> {
  const { skeleton, slots } = envelope;
  const { default: MailComposer } = await import('nodemailer/lib/mail-composer');
  const composer = new MailComposer({
    from: { name: envelope.from.name ?? '', address: from },
    to: { name: envelope.to.name ?? '', address: to },
    ...(replyTo ? { replyTo: { name: replyTo.name ?? '', address: replyTo.address } } : {}),
    subject: oneLine(joinPart(skeleton.subject, slots)),
    messageId: `<${envelope.messageId}@${domainOf(from)}>`,
    date: new Date(envelope.createdAt),
    headers: Object.entries(envelope.headers).map(([key, value]) => ({ key, value: oneLine(value) })),
    text: wholeLines(joinPart(skeleton.text, slots)),
    ...(skeleton.html ? { html: wholeLines(joinPart(skeleton.html, slots)) } : {}),
    attachments: envelope.attachments.map((file) => ({
      filename: file.filename,
      content: Buffer.from(file.content.buffer, file.content.byteOffset, file.content.byteLength),
      contentType: file.mediaType,
      contentDisposition: file.disposition,
      contentTransferEncoding: 'base64',
      ...(file.contentId === undefined ? {} : { cid: file.contentId }),
    })),
    // 7-bit text would be sent as format=flowed, which is not what was written.
    encoding: 'quoted-printable',
    newline: 'win',
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  return await composer.compile().build();
}

/** RFC 6376 section 5.4.1, and the two that RFC 8058 section 4 wants signed for unsubscribing with one click. */
const SIGNED_FIELDS = [
  'From',
  'Sender',
  'Reply-To',
  'Subject',
  'Date',
  'Message-ID',
  'To',
  'Cc',
  'MIME-Version',
  'Content-Type',
  'Content-Transfer-Encoding',
  'In-Reply-To',
  'References',
  'List-Id',
  'List-Help',
  'List-Unsubscribe',
  'List-Unsubscribe-Post',
  'List-Subscribe',
  'List-Post',
  'List-Owner',
  'List-Archive',
];

async function sign(message: Buffer, { dkim, dkimPrivateKey }: SmtpSettings): Promise<Buffer> {
  if (dkim === undefined || dkimPrivateKey === undefined) return message;
  const { default: DKIM } = await import('nodemailer/lib/dkim');
  const signer = new DKIM({
    ...dkim,
    privateKey: dkimPrivateKey,
    headerFieldNames: SIGNED_FIELDS.join(':'),
  });
  const chunks: Buffer[] = [];
  for await (const chunk of signer.sign(message)) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** A lone CR would become a line break on the way out only, when the message is signed already. */
function wholeLines(text: string): string {
  return text.replace(/\r\n?/g, '\n');
}

/** Core refuses line breaks in headers; this is the last door. */
function oneLine(text: string): string {
  return text.replace(/[\r\n]+/g, ' ');
}
