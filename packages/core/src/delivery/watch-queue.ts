import type { Context, Opened } from '../context.ts';

/** How long a message may wait before somebody should hear that nobody sends it. */
const NEGLECT_MS = 60_000;

/** Warns once where messages are sent and nobody works the queue, in this process or another. */
export interface QueueWatch {
  /** A message has been queued. */
  noteSent(tenant: string, messageId: string): void;
}

/** Looks at one message at a time: a minute after it was queued somebody should have taken it. */
export function createQueueWatch(context: Context, isWorking: () => boolean, ended: AbortSignal): QueueWatch {
  let watching = false;
  let warned = false;

  const watch = async (tenant: string, messageId: string): Promise<void> => {
    await context.clock.sleep(NEGLECT_MS, ended);
    if (isWorking()) return;
    const opened = await context.open();
    if (!(await isNeglected(opened, tenant, messageId))) return;
    warned = true;
    context.log.warn(
      'Messages have waited for a minute and nobody sends them. Call start() in one of your processes, or drain() from a scheduled job.',
      { message: messageId, tenant },
    );
  };

  return {
    noteSent(tenant, messageId) {
      if (watching || warned || isWorking()) return;
      watching = true;
      // It only warns: neither a stop nor a store that does not answer is its business.
      void watch(tenant, messageId)
        .catch(() => undefined)
        .finally(() => {
          watching = false;
        });
    },
  };
}

async function isNeglected({ store }: Opened, tenant: string, messageId: string): Promise<boolean> {
  const [stored] = await store.messages.get(tenant, [messageId]);
  if (stored === undefined) return false;
  const { message, delivery } = stored;
  if (delivery.work !== 'queued' || delivery.attempt > 0 || delivery.outcome !== null) return false;
  const account = await store.accounts.get(message.accountTenant, message.account);
  return account === undefined || account.pause === null;
}
