import type { Context } from '../context.ts';
import type { AccountPause, PausableAccount } from '../ports/index.ts';

type Rooms = Pick<Context, 'clock' | 'live' | 'open'>;

/**
 * Pauses an account and tells of it once: answers false, and tells nobody, where the store says that nothing changed.
 * With `unlessSavedSince` (when the transport that failed was opened) an account that was saved or resumed meanwhile
 * stays as it is: the failure was that of its former settings.
 */
export async function pauseAccount(
  context: Rooms,
  account: PausableAccount,
  pause: AccountPause,
  unlessSavedSince?: number,
): Promise<boolean> {
  const { store } = await context.open();
  if (unlessSavedSince !== undefined) {
    const record = await store.accounts.get(account.tenant, account.key);
    if (record !== undefined && record.updatedAt > unlessSavedSince) return false;
  }
  const changed = await store.accounts.setPause(account, pause, context.clock.now());
  if (changed) {
    context.live.emit('account.paused', {
      tenant: account.tenant,
      account: account.key,
      adapter: account.adapter,
      reason: pause.reason,
      message: pause.message,
      at: new Date(pause.at),
    });
  }
  return changed;
}

/** Ends a pause, tells of it, and has this process's workers look for what waited. */
export async function resumeAccount(context: Rooms, account: PausableAccount): Promise<boolean> {
  const { store, queue } = await context.open();
  const now = context.clock.now();
  const changed = await store.accounts.setPause(account, null, now);
  if (changed) {
    context.live.emit('account.resumed', { tenant: account.tenant, account: account.key, at: new Date(now) });
    queue.wake();
  }
  return changed;
}
