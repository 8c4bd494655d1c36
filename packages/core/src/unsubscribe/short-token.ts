import { timingSafeEqual } from 'node:crypto';
import type { Keyring } from '../secrets/index.ts';

/**
 * What a link in a text message ends in, where every character may be paid: 16 bytes of message id and 8 of HMAC, as
 * base64url. Whose message it is, is looked up by its id; when retention removes the message, that much is kept. (Nobody
 * tries 2^64 proofs over HTTP; and one that is right lets its finder unsubscribe one number.)
 */
const PROOF_BYTES = 8;
const ID_BYTES = 16;
const TOKEN = /^[A-Za-z0-9_-]{32}$/;

/** How long every such token is. */
export const SHORT_TOKEN_LENGTH = 32;

/** A text that stands for a token of the same length, where there is no message yet. */
export const EXAMPLE_SHORT_TOKEN = 'example'.padEnd(SHORT_TOKEN_LENGTH, '-');

export async function makeShortToken(keyring: Keyring, messageId: string): Promise<string> {
  const id = Buffer.from(messageId.replaceAll('-', ''), 'hex');
  if (id.byteLength !== ID_BYTES) throw new RangeError(`${messageId} is no message's id.`);
  return Buffer.concat([id, await prove(keyring, id)]).toString('base64url');
}

/** The message's id; null unless this instance's keys made the token. */
export async function readShortToken(keyring: Keyring, token: string): Promise<string | null> {
  if (!TOKEN.test(token)) return null;
  const bytes = Buffer.from(token, 'base64url');
  const id = bytes.subarray(0, ID_BYTES);
  if (!timingSafeEqual(bytes.subarray(ID_BYTES), await prove(keyring, id))) return null;
  return id.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

async function prove(keyring: Keyring, id: Buffer): Promise<Buffer> {
  return (await keyring.hmac('unsubscribe', `short:${id.toString('hex')}`)).subarray(0, PROOF_BYTES);
}
