import { domainToASCII } from 'node:url';
import { type EmailEnvelope, joinPart, type Mailbox } from '@posthorn/core';
import type { SmtpSettings } from './settings.ts';

/** One message, as it goes over the wire. */
export interface ComposedMessage {
  /** The return path: where bounces go. */
  readonly from: string;
  readonly to: string;
  /** An address needs SMTPUTF8 (RFC 6531). */
  readonly international: boolean;
  readonly bytes: Buffer;
}

/** Turns an envelope into MIME, signed where the account has a key. The same envelope gives the same Message-ID and Date. */
export async function composeMessage(
  envelope: EmailEnvelope,
  settings: SmtpSettings,
): Promise<ComposedMessage> {
  const from = asciiDomain(envelope.from.address);
  const to = asciiDomain(envelope.to.address);
  const returnPath =
    settings.bounceDomain === undefined
      ? from
      : `b-${envelope.returnToken}@${domainToASCII(settings.bounceDomain)}`;
  return {
    from: returnPath,
    to,
    international: !isAscii(returnPath) || !isAscii(to),
    bytes: await sign(await buildMime(envelope, from, to), settings),
  };
}

async function buildMime(envelope: EmailEnvelope, from: string, to: string): Promise<Buffer> {
  const { skeleton, slots, replyTo } = envelope;
  const { default: MailComposer } = await import('nodemailer/lib/mail-composer');
  const composer = new MailComposer({
    from: { name: envelope.from.name ?? '', address: from },
    to: { name: envelope.to.name ?? '', address: to },
    ...(replyTo ? { replyTo: { name: replyTo.name ?? '', address: asciiDomain(replyTo.address) } } : {}),
    subject: oneLine(joinPart(skeleton.subject, slots)),
    messageId: `<${envelope.messageId}@${domainOf(from)}>`,
    date: new Date(envelope.createdAt),
    headers: Object.entries(envelope.headers).map(([key, value]) => ({ key, value: oneLine(value) })),
    text: joinPart(skeleton.text, slots),
    ...(skeleton.html ? { html: joinPart(skeleton.html, slots) } : {}),
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

async function sign(message: Buffer, { dkim, dkimPrivateKey }: SmtpSettings): Promise<Buffer> {
  if (dkim === undefined || dkimPrivateKey === undefined) return message;
  const { default: DKIM } = await import('nodemailer/lib/dkim');
  const signer = new DKIM({ ...dkim, privateKey: dkimPrivateKey });
  const chunks: Buffer[] = [];
  for await (const chunk of signer.sign(message)) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** The domain as the wire wants it (A-labels). What is ASCII already stays as it is, right or wrong. */
function asciiDomain(address: Mailbox['address']): string {
  const domain = domainOf(address);
  const ascii = isAscii(domain) ? domain : domainToASCII(domain) || domain;
  return `${address.slice(0, address.length - domain.length)}${ascii}`;
}

function domainOf(address: string): string {
  return address.slice(address.lastIndexOf('@') + 1);
}

function isAscii(text: string): boolean {
  return /^\p{ASCII}*$/u.test(text);
}

/** Core refuses line breaks in headers; this is the last door. */
function oneLine(text: string): string {
  return text.replace(/[\r\n]+/g, ' ');
}
