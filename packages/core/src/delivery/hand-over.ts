import type { Context, Opened } from '../context.ts';
import type { Stir } from '../events/index.ts';
import type { StoredMessage } from '../ports/index.ts';

/** How often to look at messages that another process may be sending. */
const LOOK_MS = 250;

const NEWS: ReadonlySet<Stir['name']> = new Set([
  'message.accepted',
  'message.bounced',
  'message.canceled',
  'message.deferred',
  'message.delivered',
  'message.expired',
  'message.failed',
  'message.rejected',
  'message.skipped',
  'message.unknown',
  'account.paused',
]);

/**
 * Waits until each message has had its first answer: it is done, or waits for another attempt, or its account is paused,
 * cannot be opened, or has used up its limits.
 * Rejects with the signal's reason when it is aborted; the messages are sent all the same.
 */
export async function awaitAnswers(
  context: Context,
  opened: Opened,
  tenant: string,
  ids: readonly string[],
  signal: AbortSignal,
): Promise<readonly StoredMessage[]> {
  const bell = createBell(context, tenant);
  try {
    for (;;) {
      signal.throwIfAborted();
      const rung = bell.next();
      const stored = await opened.store.messages.get(tenant, ids);
      if (await areAnswered(opened, stored, context.clock.now())) return stored;
      await Promise.race([rung, nap(context, signal)]);
    }
  } finally {
    bell.end();
  }
}

async function areAnswered(
  opened: Opened,
  messages: readonly StoredMessage[],
  now: number,
): Promise<boolean> {
  for (const { message, delivery } of messages) {
    if (delivery.work === 'done' || delivery.work === 'scheduled') continue;
    if (delivery.work === 'queued' && delivery.outcome?.name === 'deferred') continue;
    // A worker had it and put it back for a while, as its account cannot be opened.
    if (delivery.work === 'queued' && delivery.dueAt !== null && delivery.dueAt > now) continue;
    const account = await opened.store.accounts.get(message.accountTenant, message.account);
    if (account !== undefined && account.pause !== null) continue;
    const opensAt = await opened.store.deliveries.opensAt(message.accountTenant, message.account);
    if (delivery.chunk !== null || opensAt === null || opensAt <= now) return false;
  }
  return true;
}

/** Rings with the next live event of the tenant that can be an answer. */
function createBell({ live }: Context, tenant: string) {
  let ring: () => void = () => undefined;
  const end = live.onStir((stir) => {
    if (!NEWS.has(stir.name)) return;
    if (stir.tenant === tenant || stir.name === 'account.paused') ring();
  });
  return {
    next(): Promise<void> {
      return new Promise((resolve) => {
        ring = resolve;
      });
    },
    end,
  };
}

/** Ends early and quietly when the signal is aborted; the caller looks at it. */
function nap({ clock }: Context, signal: AbortSignal): Promise<void> {
  return clock.sleep(LOOK_MS, signal).catch(() => undefined);
}
