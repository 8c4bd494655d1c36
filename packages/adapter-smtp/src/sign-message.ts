import { createHash, createPrivateKey, type KeyObject, sign } from 'node:crypto';
import { domainToASCII } from 'node:url';
import { promisify } from 'node:util';
import type { MimeLibrary } from './mime-library.ts';
import type { SmtpSettings } from './settings.ts';
import type { BodyPieces } from './splice-body.ts';

/** RFC 6376 section 5.4.1, and the two that RFC 8058 section 4 wants signed for unsubscribing with one click. */
const SIGNED_FIELDS = [
  'from',
  'sender',
  'reply-to',
  'subject',
  'date',
  'message-id',
  'to',
  'cc',
  'mime-version',
  'content-type',
  'content-transfer-encoding',
  'in-reply-to',
  'references',
  'list-id',
  'list-help',
  'list-unsubscribe',
  'list-unsubscribe-post',
  'list-subscribe',
  'list-post',
  'list-owner',
  'list-archive',
];

const TAB = 0x09;
const LF = 0x0a;
const CR = 0x0d;
const BLANK = 0x20;

const signInPool = promisify(sign);

interface Signer {
  readonly key: KeyObject;
  readonly domain: string;
  readonly selector: string;
}

/** By an account's settings: parsing a key costs more than signing with it. */
const signers = new WeakMap<SmtpSettings, Signer>();

/**
 * The DKIM-Signature of a message (RFC 6376; rsa-sha256, relaxed/relaxed), or undefined where the account has no key. It
 * is what nodemailer's signer writes, byte for byte; that one passes the message through four streams, parses what we
 * have just put together, and signs on the event loop, which costs the host more than all the rest. The thread pool
 * takes some more CPU for it, but messages of several connections are signed side by side there.
 */
export async function signatureField(
  mime: MimeLibrary,
  fields: readonly string[],
  body: BodyPieces,
  settings: SmtpSettings,
): Promise<string | undefined> {
  const signer = signerOf(settings);
  if (signer === undefined) return undefined;
  const relaxed = new Map(fields.map((field) => [nameOf(field), relaxedValue(field)]));
  const names = SIGNED_FIELDS.filter((name) => relaxed.has(name));
  const tags = [
    'v=1',
    'a=rsa-sha256',
    'c=relaxed/relaxed',
    `d=${signer.domain}`,
    'q=dns/txt',
    `s=${signer.selector}`,
    `bh=${bodyHash(body)}`,
    `h=${names.join(':')}`,
  ].join('; ');
  const unsigned = `${mime.foldLines(`DKIM-Signature: ${tags}`, 76)};\r\n b=`;
  const input = [
    ...names.map((name) => `${name}:${relaxed.get(name)}\r\n`),
    `dkim-signature:${relaxedValue(unsigned)}`,
  ];
  const signature = await signInPool('sha256', Buffer.from(input.join('')), signer.key);
  return unsigned + signature.toString('base64').replace(/^.{73}|.{75}(?!$)/g, '$&\r\n ');
}

function signerOf(settings: SmtpSettings): Signer | undefined {
  const { dkim, dkimPrivateKey } = settings;
  if (dkim === undefined || dkimPrivateKey === undefined) return undefined;
  let signer = signers.get(settings);
  if (signer === undefined) {
    signer = {
      key: createPrivateKey(dkimPrivateKey),
      domain: domainToASCII(dkim.domainName),
      selector: dkim.keySelector,
    };
    signers.set(settings, signer);
  }
  return signer;
}

function nameOf(field: string): string {
  return field.slice(0, field.indexOf(':')).toLowerCase();
}

/** Section 3.4.2. */
function relaxedValue(field: string): string {
  return field
    .slice(field.indexOf(':') + 1)
    .replaceAll('\r\n', '')
    .replace(/[ \t]+/g, ' ')
    .replace(/^ | $/g, '');
}

/** Section 3.4.4: blanks at the ends of lines and empty lines at the end of the body do not count. */
function bodyHash(body: BodyPieces): string {
  const hash = createHash('sha256');
  let hasContent = false;
  body.forEach((piece, index) => {
    const isLast = index === body.length - 1;
    // Base64 has no blanks, and its lines go on in the piece that follows.
    const relaxed = typeof piece === 'string' ? relaxedLines(piece, isLast) : piece;
    hash.update(relaxed);
    hasContent ||= relaxed.length > 0;
  });
  if (hasContent) hash.update('\r\n');
  return hash.digest('base64');
}

function relaxedLines(lines: string, isLast: boolean): Buffer {
  const bytes = Buffer.from(lines, 'latin1');
  let end = 0;
  for (let index = 0; index < bytes.length; index += 1) {
    const byte = bytes[index] as number;
    const next = bytes[index + 1];
    if (!isBlank(byte)) bytes[end++] = byte;
    else if (!(isBlank(next) || next === CR)) bytes[end++] = BLANK;
  }
  while (isLast && end > 0 && (bytes[end - 1] === LF || bytes[end - 1] === CR)) end -= 1;
  return bytes.subarray(0, end);
}

function isBlank(byte: number | undefined): boolean {
  return byte === BLANK || byte === TAB;
}
