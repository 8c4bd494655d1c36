import {
  type AttachmentContent,
  type EmailEnvelope,
  joinPart,
  type Mailbox,
  type SkeletonPiece,
} from '@posthorn/core';
import { encodeHeaderValue } from './header-value.ts';
import type { SendGridSettings } from './settings.ts';
import { drawPrefix, keyOf, slotsOf, withKeys } from './substitutions.ts';
import { wireAddress } from './wire-address.ts';

/** The name under which SendGrid carries our token along, and gives it back with every event. */
export const TOKEN_ARGUMENT = 'posthorn_token';

/** Encodes to no bytes at all, and is longer than nothing, which SendGrid wants of a file. */
const EMPTY_FILE = '\r\n';

/**
 * The body of a request for messages that share content, sender and files. One message is written out; for several, the
 * content stands there once, with keys that SendGrid replaces by each recipient's values.
 */
export function composeRequest(
  group: readonly EmailEnvelope[],
  settings: SendGridSettings,
  draw = drawPrefix,
): Buffer {
  const [first] = group;
  if (first === undefined) throw new RangeError('A request needs a message.');
  if (group.length === 1) {
    const write = (pieces: readonly SkeletonPiece[]) => joinPart(pieces, first.slots);
    return Buffer.from(json(requestOf(first, settings, [personalizationOf(first)], write)));
  }
  const slots = slotsOf(first.skeleton);
  for (;;) {
    const prefix = draw();
    const keys = slots.map((slot) => keyOf(prefix, slot));
    const write = (pieces: readonly SkeletonPiece[]) => withKeys(pieces, prefix);
    const personalizations = group.map((envelope) =>
      personalizationOf(envelope, substitutionsOf(envelope, slots, keys)),
    );
    const body = json(requestOf(first, settings, personalizations, write));
    if (occurrences(body, prefix) === expectedKeys(first, slots.length * group.length))
      return Buffer.from(body);
  }
}

function expectedKeys({ skeleton: { subject, text, html = [] } }: EmailEnvelope, inValues: number): number {
  let count = inValues;
  for (const part of [subject, text, html])
    for (const piece of part) if (typeof piece === 'number') count += 1;
  return count;
}

function occurrences(text: string, part: string): number {
  let count = 0;
  for (let at = text.indexOf(part); at !== -1; at = text.indexOf(part, at + 1)) count += 1;
  return count;
}

type Texts = Readonly<Record<string, string>>;

/** What is undefined in it does not stand in the request. */
function personalizationOf({ to, headers, returnToken }: EmailEnvelope, substitutions?: Texts): object {
  let fields: Record<string, string> | undefined;
  for (const name in headers) {
    fields ??= {};
    fields[name] = encodeHeaderValue(headers[name] ?? '');
  }
  return {
    to: [mailboxOf(to)],
    headers: fields,
    substitutions,
    custom_args: { [TOKEN_ARGUMENT]: returnToken },
  };
}

function substitutionsOf(
  { slots }: EmailEnvelope,
  used: readonly number[],
  keys: readonly string[],
): Texts | undefined {
  if (used.length === 0) return undefined;
  const values: Record<string, string> = {};
  for (let index = 0; index < used.length; index += 1) {
    values[keys[index] ?? ''] = slots[used[index] ?? -1] ?? '';
  }
  return values;
}

/** Everything that is the same for all recipients, around what is not. */
function requestOf(
  { from, replyTo, skeleton, attachments }: EmailEnvelope,
  settings: SendGridSettings,
  personalizations: readonly object[],
  write: (pieces: readonly SkeletonPiece[]) => string,
): object {
  const html = skeleton.html === undefined ? '' : write(skeleton.html);
  // No part may be empty, and subject and text or HTML there must be.
  const text = write(skeleton.text) || (html === '' ? ' ' : '');
  return {
    personalizations,
    from: mailboxOf(from),
    ...(replyTo === undefined ? {} : { reply_to: mailboxOf(replyTo) }),
    subject: write(skeleton.subject) || ' ',
    content: [
      ...(text === '' ? [] : [{ type: 'text/plain', value: text }]),
      ...(html === '' ? [] : [{ type: 'text/html', value: html }]),
    ],
    ...(attachments.length === 0 ? {} : { attachments: attachments.map(fileOf) }),
    ...switchesOf(settings),
  };
}

/** What the account has set for all its mail must not change what was composed: everything is said. */
function switchesOf({ tracking, unsubscribeGroup, sandbox }: SendGridSettings): object {
  const off = { enable: false };
  return {
    tracking_settings: {
      click_tracking: { enable: tracking.clicks, enable_text: false },
      open_tracking: { enable: tracking.opens },
      subscription_tracking: off,
      ganalytics: off,
    },
    mail_settings: { footer: off, sandbox_mode: { enable: sandbox } },
    ...(unsubscribeGroup === undefined ? {} : { asm: { group_id: unsubscribeGroup } }),
  };
}

function mailboxOf({ name, address }: Mailbox): object {
  const email = wireAddress(address);
  return name ? { email, name: displayName(name) } : { email };
}

/** SendGrid reads a name as it stands in a header: a comma would end it, unless it is quoted. */
function displayName(name: string): string {
  return /[,;]/.test(name) ? `"${name.replace(/["\\]/g, '\\$&')}"` : name;
}

function fileOf({ content, mediaType, filename, disposition, contentId }: AttachmentContent): object {
  const { buffer, byteOffset, byteLength } = content;
  const base64 = Buffer.from(buffer, byteOffset, byteLength).toString('base64');
  return {
    content: base64 === '' ? EMPTY_FILE : base64,
    // SendGrid refuses a type with parameters, such as the character set that core adds.
    type: mediaType.split(';', 1)[0],
    filename,
    disposition,
    ...(contentId === undefined ? {} : { content_id: contentId }),
  };
}

/** Half a character would make the whole request unreadable to some. It is written as `\udxxx`, and looked for only then. */
function json(value: object): string {
  const text = JSON.stringify(value);
  if (!text.includes('\\ud')) return text;
  return JSON.stringify(value, (_, part) => (typeof part === 'string' ? part.toWellFormed() : part));
}
