import { type Context, type Opened, PLATFORM_TENANT } from '../context.ts';
import type { MessageCost, MessageToEstimate } from '../ports/index.ts';
import { platformSettings, storedSettings } from './account-settings.ts';
import { adapterOf, type ResolvedAccount } from './resolve-account.ts';

/** What one text to one address would cost by an account. */
export type CostEstimate = (message: MessageToEstimate) => MessageCost;

/**
 * How an account is paid; null where its adapter is not paid by the message.
 *
 * @throws ConfigurationError `unknown_adapter`; `secret_unreadable` where the account's secrets cannot be opened.
 */
export async function costOf(
  context: Context,
  { store }: Opened,
  account: ResolvedAccount,
): Promise<CostEstimate | null> {
  const adapter = adapterOf(context, account);
  if (adapter.estimate === undefined) return null;
  const stored =
    account.tenant === PLATFORM_TENANT ? undefined : await store.accounts.get(account.tenant, account.key);
  const settings =
    stored === undefined ? platformSettings(adapter) : storedSettings(context, adapter, stored);
  return (message) => adapter.estimate?.(settings, message) ?? { segments: 1, price: null };
}
