import { createHmac, createSecretKey, type KeyObject, randomBytes } from 'node:crypto';
import type { KeyringStore } from '../ports/index.ts';
import { createVault, type Vault } from './vault.ts';

const HMAC_NAMES = ['address', 'return-path', 'unsubscribe', 'cursor', 'input'] as const;
const KEYRING_NAMES = [...HMAC_NAMES, 'slots'] as const;

/** What the HMAC keys are for: suppressed addresses, return paths, links to unsubscribe, cursors, inputs of idempotent calls. */
type HmacName = (typeof HMAC_NAMES)[number];

/** And what waits in messages: the key that seals the sensitive values of their slots. */
type KeyringName = (typeof KEYRING_NAMES)[number];

/**
 * Keys that outlive the rotation of the secrets: made once, sealed, the same for every process. A rotation reseals them,
 * and so what they sealed themselves can stay as it is.
 */
export interface Keyring {
  /**
   * HMAC-SHA256 of the data (UTF-8) under the key of that name, 32 bytes.
   *
   * @throws ConfigurationError `secret_unreadable` where the key is sealed with a secret that is gone.
   */
  hmac(name: HmacName, data: string): Promise<Buffer>;
  /**
   * Seals as a vault does, with the ring's key `slots`.
   *
   * @throws ConfigurationError `secret_unreadable` where that key is sealed with a secret that is gone.
   */
  seal(plain: string, binding: string): string;
  /** @throws ConfigurationError `secret_unreadable`, also where the text was changed or moved. */
  open(sealed: string, binding: string): string;
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
  // Bytes would be made a key of for every HMAC, which costs four times the HMAC itself.
  const keyObjects = new Map<HmacName, KeyObject>();
  const keyObjectOf = (name: HmacName): KeyObject => {
    const known = keyObjects.get(name) ?? createSecretKey(keyOf(name));
    keyObjects.set(name, known);
    return known;
  };
  let slots: Vault | undefined;
  const slotVault = (): Vault => {
    slots ??= createVault({ current: 'ring', keys: { ring: keyOf('slots').toString('base64url') } });
    return slots;
  };
  return {
    async hmac(name, data) {
      return createHmac('sha256', keyObjectOf(name)).update(data, 'utf8').digest();
    },
    seal: (plain, binding) => slotVault().seal(plain, binding),
    open: (sealed, binding) => slotVault().open(sealed, binding),
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
