import { timingSafeEqual } from 'node:crypto';
import type { Channel } from '../ports/index.ts';
import type { Keyring } from '../secrets/index.ts';

/** Who unsubscribes, from whom: all that a mark needs, so that a link works when its message is long gone. */
export interface Subscription {
  readonly tenant: string;
  readonly channel: Channel;
  /** As `addressKeyOf` makes it: 64 hexadecimal digits. */
  readonly addressKey: string;
  readonly messageId: string;
}

/**
 * 16 bytes of HMAC, 1 of channel, 16 of message id, 32 of address key, and the tenant's id in UTF-8 to the end: as
 * base64url about 100 characters, and at most 770.
 */
const PROOF_BYTES = 16;
const MESSAGE_AT = 1;
const ADDRESS_AT = MESSAGE_AT + 16;
const TENANT_AT = ADDRESS_AT + 32;
const TOKEN = /^[A-Za-z0-9_-]{88,770}$/;
const UUID = /^[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}$/;
const ADDRESS_KEY = /^[\da-f]{64}$/;
/** Their places are what tokens say: a new one goes to the end. */
const CHANNELS = ['email', 'sms', 'internal'] as const satisfies readonly Channel[];

/** What a link to unsubscribe ends in; only `A-Za-z0-9_-`. */
export async function makeUnsubscribeToken(keyring: Keyring, subscription: Subscription): Promise<string> {
  const { tenant, channel, addressKey, messageId } = subscription;
  if (!UUID.test(messageId) || !ADDRESS_KEY.test(addressKey)) {
    throw new RangeError(`There is no link to unsubscribe from message ${messageId}.`);
  }
  const body = Buffer.concat([
    Buffer.of(CHANNELS.indexOf(channel)),
    Buffer.from(messageId.replaceAll('-', ''), 'hex'),
    Buffer.from(addressKey, 'hex'),
    Buffer.from(tenant),
  ]);
  return Buffer.concat([await prove(keyring, body), body]).toString('base64url');
}

/** What the token says; null unless this instance's keys made exactly this text. */
export async function readUnsubscribeToken(keyring: Keyring, token: string): Promise<Subscription | null> {
  if (!TOKEN.test(token)) return null;
  const bytes = Buffer.from(token, 'base64url');
  // Several texts stand for the same bytes; only one of them was written by us.
  if (bytes.toString('base64url') !== token) return null;
  const body = bytes.subarray(PROOF_BYTES);
  if (!timingSafeEqual(bytes.subarray(0, PROOF_BYTES), await prove(keyring, body))) return null;
  const channel = CHANNELS[body[0] ?? -1];
  if (channel === undefined) return null;
  return {
    tenant: body.toString('utf8', TENANT_AT),
    channel,
    addressKey: body.toString('hex', ADDRESS_AT, TENANT_AT),
    messageId: body
      .toString('hex', MESSAGE_AT, ADDRESS_AT)
      .replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5'),
  };
}

async function prove(keyring: Keyring, body: Buffer): Promise<Buffer> {
  return (await keyring.hmac('unsubscribe', body.toString('base64url'))).subarray(0, PROOF_BYTES);
}
