import type { Context, Scope } from '../context.ts';
import { scanDue } from '../delivery/index.ts';
import { ConflictError } from '../errors.ts';
import { publishTransition } from '../events/index.ts';
import { newId } from '../ids.ts';
import type { EventRecord, StoredMessage, Transition } from '../ports/index.ts';
import { loadMessages } from './load-messages.ts';

/** What a person decides of a message in doubt: it was sent, it is to be sent again, it was not and shall not be. */
export type Resolution = 'accepted' | 'resend' | 'failed';

const EVENTS = { accepted: 'accepted', resend: 'requeued', failed: 'failed' } as const satisfies Record<
  Resolution,
  EventRecord['type']
>;

/**
 * Settles messages in doubt. All of them are `unknown`, or nothing happens; one that is settled by news in the very
 * moment keeps what the news say.
 */
export async function resolveMessages(
  context: Context,
  scope: Scope,
  ids: readonly string[],
  resolution: Resolution,
  by: string,
): Promise<void> {
  const opened = await context.open();
  const { store } = opened;
  const messages = await loadMessages(store, scope, [...new Set(ids)]);
  const settled = messages.filter(({ delivery }) => !isInDoubt(delivery));
  if (settled.length > 0) throw notInDoubt(settled);
  const transitions = messages.map((stored) => transitionOf(context, stored, resolution, by));
  const results = await store.messages.transition(scope.tenant, transitions);
  const overtaken: StoredMessage[] = [];
  for (const [index, stored] of messages.entries()) {
    const result = results[index];
    if (result?.status === 'applied') publishTransition(context, stored, result);
    else overtaken.push(stored);
  }
  if (resolution === 'resend') await scanDue(context, opened);
  if (overtaken.length > 0) throw notInDoubt(overtaken);
}

function isInDoubt(delivery: StoredMessage['delivery']): boolean {
  return delivery.work === 'done' && delivery.outcome?.name === 'unknown';
}

function transitionOf(
  { clock }: Context,
  { message, delivery }: StoredMessage,
  resolution: Resolution,
  by: string,
): Transition {
  const now = clock.now();
  return {
    event: {
      id: newId(clock),
      tenant: message.tenant,
      messageId: message.id,
      type: EVENTS[resolution],
      attempt: delivery.attempt,
      occurredAt: now,
      recordedAt: now,
      reason: resolution === 'resend' ? null : 'resolved',
      failure: null,
      detail: { by },
    },
    when: { work: ['done'], outcome: ['unknown'], attempt: delivery.attempt },
    work: resolution === 'resend' ? { work: 'queued', dueAt: now } : { work: 'done', dueAt: null },
    otherwise: 'drop',
  };
}

function notInDoubt(messages: readonly StoredMessage[]): ConflictError {
  const ids = messages.map(({ message }) => message.id);
  const shown = ids.slice(0, 10).join(', ');
  const more = ids.length > 10 ? ` and ${ids.length - 10} more` : '';
  return new ConflictError('not_in_doubt', `Not in doubt: ${shown}${more}.`, {
    path: 'ids',
    advice: 'Only messages with the status `unknown` are settled by hand; leave these out.',
    issues: ids.map((id) => ({ path: 'ids', message: id })),
  });
}
