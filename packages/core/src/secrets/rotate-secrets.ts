import { quoted } from '../did-you-mean.ts';
import { ConfigurationError } from '../errors.ts';
import type { OpenedBackend, Store } from '../ports/index.ts';
import { accountBinding } from './account-binding.ts';
import { keyringBinding } from './keyring.ts';
import type { Vault } from './vault.ts';

/** What a rotation resealed. */
export interface RotationResult {
  readonly accounts: number;
  readonly keys: number;
}

/** What a rotation needs of the context. */
interface Rotatable {
  readonly vault: Vault;
  open(): Promise<Pick<OpenedBackend, 'store'>>;
}

const PAGE = 100;

/**
 * Reseals every account's secrets and every key of the ring with the current key. Afterwards the older keys may leave
 * `secrets.keys`: the sensitive values of waiting messages are sealed with a key of the ring, and need no resealing. Safe
 * beside saves and other rotations (a row that changed meanwhile is left to who changed it); doing it again changes
 * nothing.
 *
 * @throws ConfigurationError `secret_unreadable`, naming what does not open; what came before it stays resealed.
 */
export async function rotateSecrets(context: Rotatable): Promise<RotationResult> {
  const { store } = await context.open();
  return {
    accounts: await rotateAccounts(context.vault, store),
    keys: await rotateKeys(context.vault, store),
  };
}

async function rotateAccounts(vault: Vault, store: Store): Promise<number> {
  let resealed = 0;
  for (;;) {
    const page = await store.accounts.sealedWithout(vault.currentKeyId, PAGE);
    for (const { tenant, key, sealedSecrets } of page) {
      if (sealedSecrets === null) continue;
      const subject = `the account ${quoted(key)} of the tenant ${quoted(tenant)}`;
      const after = resealedText(vault, sealedSecrets, accountBinding(tenant, key), subject);
      if (await store.accounts.reseal(tenant, key, sealedSecrets, after)) resealed += 1;
    }
    if (page.length < PAGE) return resealed;
  }
}

async function rotateKeys(vault: Vault, store: Store): Promise<number> {
  let resealed = 0;
  for (const { name, sealed } of await store.keyring.list()) {
    if (vault.keyIdOf(sealed) === vault.currentKeyId) continue;
    const after = resealedText(vault, sealed, keyringBinding(name), `the key ${quoted(name)} of the ring`);
    if (await store.keyring.reseal(name, sealed, after)) resealed += 1;
  }
  return resealed;
}

function resealedText(vault: Vault, sealed: string, binding: string, subject: string): string {
  try {
    return vault.seal(vault.open(sealed, binding), binding);
  } catch (cause) {
    if (!(cause instanceof ConfigurationError)) throw cause;
    throw new ConfigurationError(cause.code, `The rotation stopped at ${subject}. ${cause.message}`, {
      cause,
    });
  }
}
