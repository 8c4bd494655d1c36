import { createHmac, randomBytes } from 'node:crypto';
import type { KeyringStore } from '../ports/index.ts';
import type { Vault } from './vault.ts';

const KEYRING_NAMES = ['address', 'return-path', 'cursor', 'input'] as const;

/** What the keys of the ring are for: suppressed addresses, return paths, cursors, inputs of idempotent calls. */
type KeyringName = (typeof KEYRING_NAMES)[number];

/** HMAC keys that outlive the rotation of the secrets: made once, sealed, the same for every process. */
export interface Keyring {
  /**
   * HMAC-SHA256 of the data (UTF-8) under the key of that name, 32 bytes.
   *
   * @throws ConfigurationError `secret_unreadable` where the key is sealed with a secret that is gone.
   */
  hmac(name: KeyringName, data: string): Promise<Buffer>;
}

const KEY_BYTES = 32;

/**
 * Makes the keys that are not there yet: now, as later a transaction of the host's may hold the database's write lock. The
 * store decides which of two processes made a key first; both then use that one.
 */
export async function openKeyring(vault: Vault, store: KeyringStore): Promise<Keyring> {
  const sealed = new Map((await store.list()).map((key) => [key.name, key.sealed]));
  for (const name of KEYRING_NAMES) {
    if (!sealed.has(name)) sealed.set(name, await store.getOrAdd(name, freshKey(vault, name)));
  }
  const keys = new Map<KeyringName, Buffer>();
  const keyOf = (name: KeyringName): Buffer => {
    // Opened when it is needed: where its secret is gone, all that needs no key still works.
    const key = keys.get(name) ?? openKey(vault, name, sealed.get(name) ?? '');
    keys.set(name, key);
    return key;
  };
  return {
    async hmac(name, data) {
      return createHmac('sha256', keyOf(name)).update(data, 'utf8').digest();
    },
  };
}

/** Where a key of the ring is sealed for. */
export function keyringBinding(name: string): string {
  return `keyring:${name}`;
}

function freshKey(vault: Vault, name: KeyringName): string {
  return vault.seal(randomBytes(KEY_BYTES).toString('base64url'), keyringBinding(name));
}

function openKey(vault: Vault, name: KeyringName, sealed: string): Buffer {
  return Buffer.from(vault.open(sealed, keyringBinding(name)), 'base64url');
}
