import { type KeyObject, verify } from 'node:crypto';

const SIGNATURE = 'x-twilio-email-event-webhook-signature';
const TIMESTAMP = 'x-twilio-email-event-webhook-timestamp';
/** Digits alone: nothing of the body can be moved into it, though the two are signed as one. */
const SECONDS = /^\d{1,15}$/;

/**
 * Whether SendGrid signed the request with this account's key: ECDSA over SHA-256 of time and body. Base64 and DER are read
 * strictly (OpenSSL refuses what it would not write itself). The time may be any: what was told before changes nothing when it is
 * told again, and SendGrid repeats itself for a day.
 */
export function isSigned(headers: Headers, body: Uint8Array, key: KeyObject): boolean {
  const signature = headers.get(SIGNATURE) ?? '';
  const timestamp = headers.get(TIMESTAMP) ?? '';
  if (!SECONDS.test(timestamp)) return false;
  const bytes = Buffer.from(signature, 'base64');
  // Node reads over what is no base64, and over unused bits of the last letter: many texts would stand for one signature.
  if (bytes.toString('base64') !== signature) return false;
  return verify('sha256', Buffer.concat([Buffer.from(timestamp), body]), key, bytes);
}
