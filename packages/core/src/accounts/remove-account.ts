import type { Context } from '../context.ts';
import { quoted } from '../did-you-mean.ts';
import { ConflictError } from '../errors.ts';
import { platformAdapter } from './resolve-account.ts';
import { reservedKey } from './save-account.ts';

/** Removes an account that nothing needs; answers false where there was none. */
export async function removeAccount(context: Context, tenant: string, key: string): Promise<boolean> {
  if (platformAdapter(context, key) !== undefined) throw reservedKey(key);
  const { store } = await context.open();
  const result = await store.accounts.remove(tenant, key);
  if (result === 'named_by_identity') {
    throw inUse(
      `An identity travels by the account ${quoted(key)}.`,
      'Save that identity with another account first.',
    );
  }
  if (result === 'work_waiting') {
    throw inUse(
      `Messages wait to leave by the account ${quoted(key)}, or are in doubt.`,
      'Let them leave, or cancel and resolve them first.',
    );
  }
  return result === 'removed';
}

function inUse(message: string, advice: string): ConflictError {
  return new ConflictError('account_in_use', message, { path: 'key', advice });
}
