import { timingSafeEqual } from 'node:crypto';
import { InputError } from './errors.ts';
import type { Keyring } from './secrets/index.ts';

/** One page of a list, newest first. */
export interface Page<T> {
  readonly items: readonly T[];
  /** Give it as `cursor` to read on; null at the end. */
  readonly next: string | null;
}

/** Where a page ended: everything older follows. */
interface CursorPosition {
  readonly createdAt: number;
  readonly id: string;
}

/** 128 bits: a guess is hopeless, and the text stays short. */
const PROOF_BYTES = 16;

/** In characters: a place of 1,000, in any script. */
const MAX_LENGTH = 5500;

/**
 * A cursor that says nothing to its holder and works only for the tenant and the filter it was made for. Name the list
 * in the filter: `{ list: 'messages', channel: 'email' }`.
 */
export async function encodeCursor(
  keyring: Keyring,
  tenant: string,
  filter: object,
  { createdAt, id }: CursorPosition,
): Promise<string> {
  return encodePlace(keyring, tenant, filter, `${createdAt}:${id}`);
}

/**
 * Reads a cursor back.
 *
 * @throws InputError `invalid_cursor` where it was made for another tenant or filter, or by somebody else.
 */
export async function decodeCursor(
  keyring: Keyring,
  tenant: string,
  filter: object,
  cursor: unknown,
): Promise<CursorPosition> {
  const text = await decodePlace(keyring, tenant, filter, cursor);
  const colon = text.indexOf(':');
  return { createdAt: Number(text.slice(0, colon)), id: text.slice(colon + 1) };
}

/** The cursor of a list that says itself where a page ended, in at most 1,000 characters. */
export async function encodePlace(
  keyring: Keyring,
  tenant: string,
  filter: object,
  place: string,
): Promise<string> {
  const proof = await prove(keyring, tenant, filter, place);
  return Buffer.concat([proof, Buffer.from(place)]).toString('base64url');
}

/** @throws InputError `invalid_cursor`, as `decodeCursor`. */
export async function decodePlace(
  keyring: Keyring,
  tenant: string,
  filter: object,
  cursor: unknown,
): Promise<string> {
  if (typeof cursor !== 'string' || cursor.length > MAX_LENGTH) throw invalidCursor();
  const bytes = Buffer.from(cursor, 'base64url');
  // Only the one spelling is taken, so that a cursor can be compared as text.
  if (bytes.length <= PROOF_BYTES || bytes.toString('base64url') !== cursor) throw invalidCursor();
  const place = bytes.subarray(PROOF_BYTES).toString();
  const proof = await prove(keyring, tenant, filter, place);
  if (!timingSafeEqual(proof, bytes.subarray(0, PROOF_BYTES))) throw invalidCursor();
  return place;
}

async function prove(keyring: Keyring, tenant: string, filter: object, text: string): Promise<Buffer> {
  const bound = JSON.stringify([tenant, canonical(filter), text]);
  return (await keyring.hmac('cursor', bound)).subarray(0, PROOF_BYTES);
}

/** The same filter gives the same text, in whatever order its fields were written; `undefined` is as good as absent. */
function canonical(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(canonical);
  if (typeof value !== 'object' || value === null) return value;
  return Object.entries(value)
    .filter(([, field]) => field !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, field]) => [name, canonical(field)]);
}

function invalidCursor(): InputError {
  return new InputError('invalid_cursor', 'The cursor is not one of this list.', {
    path: 'cursor',
    advice: 'Pass `next` of the page before, with the same filter, or no cursor to start over.',
  });
}
