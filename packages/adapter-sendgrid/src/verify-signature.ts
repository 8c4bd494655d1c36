import { type KeyObject, verify } from 'node:crypto';

const SIGNATURE = 'x-twilio-email-event-webhook-signature';
const TIMESTAMP = 'x-twilio-email-event-webhook-timestamp';
const BASE64 = /^(?:[A-Za-z0-9+/]{4})+(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;
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
  if (signature.length > 200 || !BASE64.test(signature) || !SECONDS.test(timestamp)) return false;
  const bytes = Buffer.from(signature, 'base64');
  // Unused bits of the last letter would let several texts stand for one signature.
  if (bytes.toString('base64') !== signature) return false;
  return verify('sha256', Buffer.concat([Buffer.from(timestamp), body]), key, bytes);
}
