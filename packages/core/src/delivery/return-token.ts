import { timingSafeEqual } from 'node:crypto';
import type { Keyring } from '../secrets/index.ts';

/**
 * 16 bytes of message id, 2 of attempt, 16 of HMAC: 34 bytes, 55 characters of base32 (RFC 4648 section 6, lower case).
 * They fit a return path whose local part is at most 64 octets (RFC 5321 section 4.5.3.1.1), and survive case folding.
 */
const ID_BYTES = 16;
const BODY_BYTES = 18;
const MAC_BYTES = 16;
const TOKEN_CHARACTERS = 55;
const MAX_ATTEMPT = 0xffff;
const ALPHABET = 'abcdefghijklmnopqrstuvwxyz234567';

/** What a return token names. */
interface ReturnAddress {
  readonly messageId: string;
  readonly attempt: number;
}

/** Names a message and an attempt to the outside world; only `a-z2-7`, 55 characters. */
export async function makeReturnToken(
  keyring: Keyring,
  { messageId, attempt }: ReturnAddress,
): Promise<string> {
  if (attempt < 1 || attempt > MAX_ATTEMPT) throw new RangeError(`There is no attempt ${attempt}.`);
  const body = Buffer.alloc(BODY_BYTES);
  body.write(messageId.replaceAll('-', ''), 'hex');
  body.writeUInt16BE(attempt, ID_BYTES);
  return toBase32(Buffer.concat([body, await mac(keyring, body)]));
}

/** What the token names; null unless this instance's keys made exactly this text, in lower or upper case. */
export async function readReturnToken(keyring: Keyring, token: string): Promise<ReturnAddress | null> {
  const bytes = fromBase32(token.toLowerCase());
  if (bytes === null) return null;
  const body = bytes.subarray(0, BODY_BYTES);
  if (!timingSafeEqual(bytes.subarray(BODY_BYTES), await mac(keyring, body))) return null;
  const hex = body.toString('hex', 0, ID_BYTES);
  const messageId = [
    hex.slice(0, 8),
    hex.slice(8, 12),
    hex.slice(12, 16),
    hex.slice(16, 20),
    hex.slice(20),
  ].join('-');
  return { messageId, attempt: body.readUInt16BE(ID_BYTES) };
}

async function mac(keyring: Keyring, body: Buffer): Promise<Buffer> {
  const full = await keyring.hmac('return-path', body.toString('hex'));
  return full.subarray(0, MAC_BYTES);
}

function toBase32(bytes: Buffer): string {
  let text = '';
  let bits = 0;
  let held = 0;
  for (const byte of bytes) {
    held = (held << 8) | byte;
    bits += 8;
    while (bits >= 5) {
      bits -= 5;
      text += ALPHABET[(held >> bits) & 31];
    }
    held &= (1 << bits) - 1;
  }
  return bits === 0 ? text : text + ALPHABET[(held << (5 - bits)) & 31];
}

function fromBase32(text: string): Buffer | null {
  if (text.length !== TOKEN_CHARACTERS) return null;
  const bytes: number[] = [];
  let bits = 0;
  let held = 0;
  for (const character of text) {
    const value = ALPHABET.indexOf(character);
    if (value < 0) return null;
    held = (held << 5) | value;
    bits += 5;
    if (bits < 8) continue;
    bits -= 8;
    bytes.push(held >> bits);
    held &= (1 << bits) - 1;
  }
  // The bits that are left over are zero in what we wrote: one token has one text.
  return held === 0 ? Buffer.from(bytes) : null;
}
