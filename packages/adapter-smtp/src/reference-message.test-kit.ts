import { type EmailEnvelope, joinPart } from '@posthorn/core';
import MailComposer from 'nodemailer/lib/mail-composer';
import { asciiDomain, domainOf } from './mail-address.ts';

/** The message as nodemailer builds it, fresh and whole: what a composed one has to read like. */
export async function referenceMessage(envelope: EmailEnvelope): Promise<Buffer> {
  const { skeleton, slots, from, to, replyTo } = envelope;
  const composer = new MailComposer({
    from: mailbox(from),
    to: mailbox(to),
    ...(replyTo ? { replyTo: mailbox(replyTo) } : {}),
    subject: oneLine(joinPart(skeleton.subject, slots)),
    messageId: `<${envelope.messageId}@${domainOf(asciiDomain(from.address))}>`,
    date: new Date(envelope.createdAt),
    headers: Object.entries(envelope.headers).map(([key, value]) => ({ key, value: oneLine(value) })),
    text: wholeLines(joinPart(skeleton.text, slots)),
    ...(skeleton.html ? { html: wholeLines(joinPart(skeleton.html, slots)) } : {}),
    attachments: envelope.attachments.map((file) => ({
      filename: file.filename,
      content: Buffer.from(file.content),
      contentType: file.mediaType,
      contentDisposition: file.disposition,
      contentTransferEncoding: 'base64',
      ...(file.contentId === undefined ? {} : { cid: file.contentId }),
    })),
    encoding: 'quoted-printable',
    // Of the length that ours have, so that lines are folded in the same places.
    boundaryPrefix: '--=_',
    baseBoundary: 'x'.repeat(24),
    newline: 'win',
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  return await composer.compile().build();
}

function mailbox({ name = '', address }: EmailEnvelope['to']) {
  return { name: oneLine(name), address: asciiDomain(address) };
}

function wholeLines(text: string): string {
  return text.replace(/\r\n?/g, '\n');
}

function oneLine(text: string): string {
  return text.replace(/[\r\n]+/g, ' ');
}
