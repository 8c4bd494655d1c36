import type { Reply } from '../ports/index.ts';

const MAX_TEXT = 1000;
/** The most of a reply that is looked at: a server may send a megabyte. */
const MAX_READ = 20_000;

/** Most texts are short and in plain letters: of these there is nothing to be cleaned. */
const PLAIN = /^(?!.*AUTH )[\x21-\x7e]+(?: [\x21-\x7e]+)*$/i;
/** Controls, line and paragraph separators, halves of characters, and marks that turn the text around them. */
const CONTROLS = /[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]+/gu;
const LONE_SURROGATE = /\p{Cs}/gu;
/** A server that echoes the command it did not understand: `AUTH PLAIN <payload>`. */
const AUTH_COMMAND =
  /\bAUTH ((?:PLAIN|LOGIN|CRAM|XOAUTH|OAUTH|SCRAM|DIGEST|NTLM)[\w-]*) [A-Za-z0-9+/=]{8,}/gi;
const LINE_CODE = /^(\d{3})(?:[ -]|$)/;
const ENHANCED = /^([245]\.\d{1,3}\.\d{1,3})(?=\s|$)/;
/** qmail writes the code at the end: `sorry, no mailbox here by that name (#5.1.1)`. */
const QMAIL_ENHANCED = /\(#([245]\.\d{1,3}\.\d{1,3})\)/;

/**
 * A server's words, fit to be stored and shown: control characters replaced, at most 1,000 characters, no AUTH payload,
 * and none of the `secrets` (nor their base64 forms).
 *
 * @example
 * ```ts
 * import { cleanReply } from '@posthorn/core';
 *
 * cleanReply('no such\r\nuser'); // 'no such user'
 * ```
 */
export function cleanReply(text: string, secrets: readonly string[] = []): string {
  if (secrets.length === 0 && text.length <= MAX_TEXT && PLAIN.test(text)) return text;
  let clean = text.slice(0, MAX_READ).replace(CONTROLS, ' ').replace(AUTH_COMMAND, 'AUTH $1 [secret]');
  for (const secret of secrets) clean = withoutSecret(clean, secret);
  clean = clean.replace(/ {2,}/g, ' ').trim();
  if (clean.length <= MAX_TEXT) return clean;
  return `${clean.slice(0, MAX_TEXT - 1).replace(LONE_SURROGATE, '')}…`;
}

/**
 * Takes an SMTP reply apart: the code, the enhanced code (RFC 2034) and the text of all its lines. What cannot be read
 * is text.
 *
 * @example
 * ```ts
 * import { parseReply } from '@posthorn/core';
 *
 * parseReply('550-5.1.1 No such\r\n550 5.1.1 user'); // { code: 550, enhanced: '5.1.1', text: 'No such user' }
 * ```
 */
export function parseReply(raw: string, secrets: readonly string[] = []): Reply {
  const code = LINE_CODE.exec(raw)?.[1];
  const lines = raw.slice(0, MAX_READ).split(/\r?\n/);
  const texts = lines.map((line) => (code !== undefined && line.startsWith(code) ? line.slice(4) : line));
  const first = texts[0] ?? '';
  const enhanced = ENHANCED.exec(first)?.[1] ?? QMAIL_ENHANCED.exec(raw.slice(0, MAX_READ))?.[1];
  const prefix = enhanced === undefined ? undefined : `${enhanced} `;
  const words = texts.map((text) =>
    prefix !== undefined && text.startsWith(prefix) ? text.slice(prefix.length) : text,
  );
  return {
    ...(code === undefined ? {} : { code: Number(code) }),
    ...(enhanced === undefined ? {} : { enhanced }),
    text: cleanReply(words.join('\n'), secrets),
  };
}

function withoutSecret(text: string, secret: string): string {
  // Anything shorter would black out ordinary words.
  if (secret.length < 3) return text;
  const encoded = Buffer.from(secret).toString('base64').replace(/=+$/, '');
  return text.replaceAll(secret, '[secret]').replaceAll(encoded, '[secret]');
}
