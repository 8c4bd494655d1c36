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

/**
 * A cursor that says nothing to its holder and works only for the tenant and the filter it was made for. Name the list
 * in the filter: `{ list: 'messages', channel: 'email' }`.
 */
export async function encodeCursor(
  keyring: Keyring,
  tenant: string,
  filter: object,
  position: CursorPosition,
): Promise<string> {
  const text = `${position.createdAt}:${position.id}`;
  const proof = await prove(keyring, tenant, filter, text);
  return Buffer.concat([proof, Buffer.from(text)]).toString('base64url');
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
  if (typeof cursor !== 'string' || cursor.length > 512) throw invalidCursor();
  const bytes = Buffer.from(cursor, 'base64url');
  // Only the one spelling is taken, so that a cursor can be compared as text.
  if (bytes.length <= PROOF_BYTES || bytes.toString('base64url') !== cursor) throw invalidCursor();
  const text = bytes.subarray(PROOF_BYTES).toString();
  const proof = await prove(keyring, tenant, filter, text);
  if (!timingSafeEqual(proof, bytes.subarray(0, PROOF_BYTES))) throw invalidCursor();
  const colon = text.indexOf(':');
  return { createdAt: Number(text.slice(0, colon)), id: text.slice(colon + 1) };
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
