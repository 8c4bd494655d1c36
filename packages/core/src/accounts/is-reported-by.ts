import { type Context, type Opened, PLATFORM_TENANT } from '../context.ts';
import { platformAdapter } from './resolve-account.ts';
import type { AccountRef } from './webhook-url.ts';

/**
 * Whether an account's setting `reportedBy` names that other account of the same owner: messages that leave by the one (a
 * mail server) are reported to the webhook of the other.
 */
export async function isReportedBy(
  context: Pick<Context, 'adapters'>,
  { store }: Pick<Opened, 'store'>,
  { tenant, key }: AccountRef,
  reporter: string,
): Promise<boolean> {
  const settings =
    tenant === PLATFORM_TENANT
      ? platformAdapter(context, key)?.platform
      : (await store.accounts.get(tenant, key))?.settings;
  return (settings as { readonly reportedBy?: unknown } | undefined)?.reportedBy === reporter;
}
