import type { Context, Opened } from '../context.ts';

/** How long a message may wait before somebody should hear that nobody sends it. */
const NEGLECT_MS = 60_000;

/** Warns once where messages are sent and nobody works the queue, in this process or another. */
export interface QueueWatch {
  /** A message has been queued. */
  noteSent(tenant: string, messageId: string): void;
  /** A broadcast has been started: its list is to be made. */
  noteStarted(tenant: string, broadcastId: string): void;
}

/** Looks at one thing at a time: a minute after it was queued somebody should have taken it. */
export function createQueueWatch(context: Context, isWorking: () => boolean, ended: AbortSignal): QueueWatch {
  let watching = false;
  let warned = false;

  const watch = async (isNeglected: Look, about: Readonly<Record<string, string>>): Promise<void> => {
    await context.clock.sleep(NEGLECT_MS, ended);
    if (isWorking()) return;
    if (!(await isNeglected(await context.open()))) return;
    warned = true;
    context.log.warn(
      'Messages have waited for a minute and nobody sends them. Call start() in one of your processes, or drain() from a scheduled job.',
      about,
    );
  };

  const note = (isNeglected: Look, about: Readonly<Record<string, string>>): void => {
    if (watching || warned || isWorking()) return;
    watching = true;
    // It only warns: neither a stop nor a store that does not answer is its business.
    void watch(isNeglected, about)
      .catch(() => undefined)
      .finally(() => {
        watching = false;
      });
  };

  return {
    noteSent: (tenant, message) =>
      note((opened) => isNeglected(opened, tenant, message), { message, tenant }),
    noteStarted: (tenant, broadcast) =>
      note((opened) => isUntouched(opened, tenant, broadcast), { broadcast, tenant }),
  };
}

type Look = (opened: Opened) => Promise<boolean>;

/** Its list has no page, and nobody has tried to make one. */
async function isUntouched({ store }: Opened, tenant: string, broadcastId: string): Promise<boolean> {
  const record = await store.broadcasts.get(tenant, broadcastId);
  return record?.state === 'listing' && record.cursor === null && record.failure === null;
}

async function isNeglected({ store }: Opened, tenant: string, messageId: string): Promise<boolean> {
  const [stored] = await store.messages.get(tenant, [messageId]);
  if (stored === undefined) return false;
  const { message, delivery } = stored;
  if (delivery.work !== 'queued' || delivery.attempt > 0 || delivery.outcome !== null) return false;
  // Somebody has had its job, and put it back: the account's limits are used up, or it cannot be opened.
  if (delivery.chunk === null) return false;
  const account = await store.accounts.get(message.accountTenant, message.account);
  return account === undefined || account.pause === null;
}
