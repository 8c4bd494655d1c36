import { type Context, type Opened, PLATFORM_TENANT } from '../context.ts';
import { platformSettings, readableSecrets } from './account-settings.ts';
import { platformAdapter, type ResolvedAccount } from './resolve-account.ts';

/** The text as an account sends it, by its settings of today; of one that is gone, the text as it is. */
export async function textAsSent(
  context: Pick<Context, 'adapters' | 'vault'>,
  { store }: Pick<Opened, 'store'>,
  { tenant, key }: Pick<ResolvedAccount, 'tenant' | 'key'>,
  text: string,
): Promise<string> {
  if (tenant === PLATFORM_TENANT) {
    const adapter = platformAdapter(context, key);
    return adapter?.textAsSent?.(platformSettings(adapter), text) ?? text;
  }
  const record = await store.accounts.get(tenant, key);
  const adapter = record && context.adapters.get(record.adapter);
  if (record === undefined || adapter?.textAsSent === undefined) return text;
  // What was sent can be read even where the key to the account's secrets is lost.
  return adapter.textAsSent({ ...record.settings, ...readableSecrets(context, record) }, text);
}
