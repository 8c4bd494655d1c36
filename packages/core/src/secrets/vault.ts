import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';
import { ConfigurationError } from '../errors.ts';
import { checkSecretKeys, type SecretKeys } from './secret-keys.ts';

/** Seals texts so that only a holder of the keys reads them, and only in the place they were sealed for. */
export interface Vault {
  readonly currentKeyId: string;
  /** `binding` names the place (`account:<tenant>/<key>`); what is moved elsewhere does not open. */
  seal(plain: string, binding: string): string;
  /** @throws ConfigurationError `secret_unreadable`, naming the key id where it can be read. */
  open(sealed: string, binding: string): string;
  /** The id of the key that sealed it; null where the text is no sealed one. */
  keyIdOf(sealed: string): string | null;
}

const CIPHER = 'aes-256-gcm';
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const SEALED = /^v1\.([A-Za-z0-9_-]{1,32})\.([A-Za-z0-9_-]+)\.([A-Za-z0-9_-]+)$/;

/**
 * AES-256-GCM under keys derived by HKDF-SHA256 (RFC 5869), a random 96-bit nonce each time (NIST SP 800-38D, 8.2.2: safe
 * for 2^32 seals a key). The text form is `v1.<key id>.<nonce>.<ciphertext and tag>`, base64url.
 *
 * @throws ConfigurationError `secrets_missing` where a key is absent, short or obviously weak.
 */
export function createVault(secretKeys: SecretKeys): Vault {
  const checked = checkSecretKeys(secretKeys);
  // Held in this closure only: nothing that prints the vault can reach them.
  const keys = new Map([...checked.keys].map(([id, text]) => [id, deriveKey(text)]));
  const current = keys.get(checked.current) ?? Buffer.alloc(0);
  const currentKeyId = checked.current;
  return Object.freeze({
    currentKeyId,
    seal: (plain: string, binding: string) => seal(currentKeyId, current, plain, binding),
    open: (sealed: string, binding: string) => open(keys, sealed, binding),
    keyIdOf: (sealed: string) => SEALED.exec(sealed)?.[1] ?? null,
  });
}

function deriveKey(text: string): Buffer {
  return Buffer.from(hkdfSync('sha256', text, '', 'posthorn vault v1', 32));
}

function seal(keyId: string, key: Buffer, plain: string, binding: string): string {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv(CIPHER, key, nonce, { authTagLength: TAG_BYTES });
  cipher.setAAD(additionalData(keyId, binding));
  const sealed = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final(), cipher.getAuthTag()]);
  return `v1.${keyId}.${nonce.toString('base64url')}.${sealed.toString('base64url')}`;
}

function open(keys: ReadonlyMap<string, Buffer>, sealed: string, binding: string): string {
  const [, keyId, nonceText, bodyText] = SEALED.exec(sealed) ?? [];
  if (keyId === undefined || nonceText === undefined || bodyText === undefined) {
    throw unreadable('A stored secret is not in a form that this version reads.');
  }
  const key = keys.get(keyId);
  if (key === undefined) {
    throw unreadable(
      `A stored secret is sealed with the key ${JSON.stringify(keyId)}, which \`secrets.keys\` does not hold.`,
      'Add that key again until everything is resealed, or save the secret anew.',
    );
  }
  const nonce = Buffer.from(nonceText, 'base64url');
  const body = Buffer.from(bodyText, 'base64url');
  if (nonce.length !== NONCE_BYTES || body.length < TAG_BYTES) throw tampered(keyId);
  const decipher = createDecipheriv(CIPHER, key, nonce, { authTagLength: TAG_BYTES });
  decipher.setAAD(additionalData(keyId, binding));
  decipher.setAuthTag(body.subarray(body.length - TAG_BYTES));
  try {
    const plain = decipher.update(body.subarray(0, body.length - TAG_BYTES));
    return Buffer.concat([plain, decipher.final()]).toString('utf8');
  } catch {
    throw tampered(keyId);
  }
}

function additionalData(keyId: string, binding: string): Buffer {
  return Buffer.from(JSON.stringify(['v1', keyId, binding]), 'utf8');
}

function tampered(keyId: string): ConfigurationError {
  return unreadable(
    `A stored secret does not open with the key ${JSON.stringify(keyId)}: the key's text is another one now, or the row was changed or moved.`,
    'Give that key its former text again, or save the secret anew.',
  );
}

function unreadable(message: string, advice?: string): ConfigurationError {
  return new ConfigurationError('secret_unreadable', message, { advice });
}
