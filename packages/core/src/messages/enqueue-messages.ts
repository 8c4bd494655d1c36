import type { Context, Opened } from '../context.ts';
import { workerOf } from '../delivery/index.ts';
import { foldEvent, publishNew } from '../events/index.ts';
import type { EnqueueBatch, EnqueueResult, NewMessage, StoredMessage } from '../ports/index.ts';
import type { Had } from './recipient-cap.ts';

type Enqueued = Exclude<EnqueueResult, { readonly status: 'over_limit' }>;

/**
 * Writes one send, all of it or nothing. Where others wrote to its addresses in the meantime, so that it would be more than
 * they may have, it is composed anew. Workers are woken and listeners told once it is committed: at once, or when the host
 * commits its transaction.
 */
export async function enqueueMessages<Composed extends { readonly batch: EnqueueBatch }>(
  context: Context,
  opened: Opened,
  tx: unknown,
  compose: (had: Had) => Promise<Composed>,
): Promise<{ readonly composed: Composed; readonly result: Enqueued }> {
  // Each time around, an address has more than it had: in the end it has enough, and is skipped.
  for (let had: Had = new Map(); ; ) {
    const composed = await compose(had);
    const result = await opened.store.messages.enqueue(composed.batch, tx);
    if (result.status === 'written') tell(context, opened, composed.batch, tx);
    if (result.status !== 'over_limit') return { composed, result };
    had = new Map([...had, ...result.had]);
  }
}

function tell(context: Context, opened: Opened, batch: EnqueueBatch, tx: unknown): void {
  if (tx === undefined) {
    announce(context, opened, batch);
  } else {
    const ids = batch.messages.map(({ message }) => message.id);
    void opened.afterCommit(tx, batch.tenant, ids).then(
      (committed) => committed && announce(context, opened, batch),
      // The messages are as safe as the commit; the next look for what is due finds them.
      (error: unknown) =>
        context.log.warn('The end of a transaction was not seen; its messages leave a little later.', {
          error: error instanceof Error ? error.message : String(error),
        }),
    );
  }
}

/** A new message as it stands in the store. */
export function storedOf({ message, work, dueAt, chunk, priority, event }: NewMessage): StoredMessage {
  const outcome = event && foldEvent(null, event);
  return {
    message,
    delivery: {
      messageId: message.id,
      work,
      dueAt,
      attempt: 0,
      chunk,
      priority,
      outcome,
      flags: {},
      redactedAt: null,
    },
  };
}

function announce(context: Context, { queue }: Opened, { tenant, messages, jobs }: EnqueueBatch): void {
  if (jobs.length > 0) queue.wake();
  const waiting = messages.find(({ work }) => work === 'queued');
  if (waiting !== undefined) workerOf(context).noteSent(tenant, waiting.message.id);
  for (const added of messages) publishNew(context, storedOf(added));
}
