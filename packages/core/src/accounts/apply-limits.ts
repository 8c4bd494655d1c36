import { type Context, PLATFORM_TENANT } from '../context.ts';
import { newId } from '../ids.ts';
import { platformAdapters } from './resolve-account.ts';

/**
 * Has the platform's accounts open when their limits of now say: the host may have been restarted with others, or with
 * none, since they were used up. (Other accounts' are stored, so the store sees them change.)
 */
export async function applyPlatformLimits({
  adapters,
  clock,
  limits,
  open,
}: Pick<Context, 'adapters' | 'clock' | 'limits' | 'open'>): Promise<void> {
  const { store } = await open();
  for (const { key } of platformAdapters({ adapters })) {
    await store.deliveries.turn({
      now: clock.now(),
      limits: { accountTenant: PLATFORM_TENANT, account: key, limits: limits.get(key) ?? {} },
      settle: [],
      begin: [],
      newEventId: () => newId(clock),
    });
  }
}
