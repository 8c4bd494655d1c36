import { type Context, PLATFORM_TENANT } from '../context.ts';
import type { AnyAdapter, WebhookReceipt, WebhookReceiver, WebhookRequest } from '../ports/index.ts';
import { platformSettings, storedSettings } from './account-settings.ts';
import { adapterOf, platformAdapter } from './resolve-account.ts';
import type { AccountRef } from './webhook-url.ts';

/** Reads what is reported to one account, by its settings. */
export interface AccountReceiver extends Pick<WebhookReceiver<never>, 'mediaTypes' | 'maxBodyBytes'> {
  receive(request: WebhookRequest): Promise<WebhookReceipt>;
}

/**
 * Null where there is no such account, or its adapter reads no reports.
 *
 * @throws ConfigurationError `unknown_adapter`; `secret_unreadable`; `invalid_input` where the adapter has become stricter.
 */
export async function receiverOf(
  context: Pick<Context, 'adapters' | 'open' | 'vault'>,
  { tenant, key }: AccountRef,
): Promise<AccountReceiver | null> {
  if (tenant === PLATFORM_TENANT) {
    const adapter = platformAdapter(context, key);
    return adapter === undefined ? null : receiverBy(adapter, () => platformSettings(adapter));
  }
  const { store } = await context.open();
  const record = await store.accounts.get(tenant, key);
  if (record === undefined) return null;
  const adapter = adapterOf(context, record);
  return receiverBy(adapter, () => storedSettings(context, adapter, record));
}

function receiverBy({ webhook }: AnyAdapter, settingsOf: () => object): AccountReceiver | null {
  if (webhook === undefined) return null;
  const { mediaTypes, maxBodyBytes } = webhook;
  const settings = settingsOf();
  return { mediaTypes, maxBodyBytes, receive: (request) => webhook.receive(request, settings) };
}
