import { type Context, PLATFORM_TENANT } from '../context.ts';
import type { AccountRecord, AnyAdapter } from '../ports/index.ts';
import { resumeAccount } from './pause-account.ts';
import { platformAdapters } from './resolve-account.ts';
import { tryAccount } from './verify-account.ts';

/**
 * Has an account go on that was paused for its credentials, where its settings of now work. The trial takes a while: it
 * ends no pause that a person made meanwhile, and says nothing of settings saved since.
 */
export async function resumeIfMended(
  context: Context,
  adapter: AnyAdapter,
  record: AccountRecord,
  signal?: AbortSignal,
): Promise<AccountRecord> {
  const own = record.tenant === PLATFORM_TENANT ? undefined : record;
  const { ok } = await tryAccount(context, adapter, own, { signal });
  const { store } = await context.open();
  const now = (await store.accounts.get(record.tenant, record.key)) ?? record;
  signal?.throwIfAborted();
  if (!ok || now.updatedAt !== record.updatedAt || now.pause?.reason !== 'credentials') return now;
  await resumeAccount(context, record);
  return { ...record, pause: null };
}

/**
 * Tries each of the platform's accounts that is paused for its credentials, as the host may have been restarted with
 * others. Never rejects; what fails is logged, unless the signal was aborted.
 */
export async function resumeMendedPlatform(context: Context, signal: AbortSignal): Promise<void> {
  const quietly = async (trial: () => Promise<unknown>, account?: string): Promise<void> => {
    try {
      await trial();
    } catch (error) {
      if (signal.aborted) return;
      context.log.error("The platform's paused accounts could not be tried; they stay paused.", {
        ...(account === undefined ? {} : { account }),
        error: error instanceof Error ? error.message : 'unknown',
      });
    }
  };
  const mend = async (adapter: AnyAdapter, record: AccountRecord): Promise<void> => {
    const { pause } = await resumeIfMended(context, adapter, record, signal);
    if (pause?.reason !== 'credentials') return;
    context.log.warn("A platform's account stays paused: its settings of now do not work either.", {
      account: record.key,
    });
  };
  await quietly(async () => {
    const { store } = await context.open();
    const rows = new Map((await store.accounts.list(PLATFORM_TENANT)).map((row) => [row.key, row]));
    const trials = platformAdapters(context).map(async (adapter) => {
      const row = rows.get(adapter.key);
      if (row?.pause?.reason === 'credentials') await quietly(() => mend(adapter, row), row.key);
    });
    await Promise.all(trials);
  });
}
