import type { Context, Scope } from '../context.ts';
import { publishTransition } from '../events/index.ts';
import { newId } from '../ids.ts';
import type { EventRecord, StoredMessage, Transition } from '../ports/index.ts';

/**
 * What cancelling did:
 *
 * - `canceled`: it is not sent.
 * - `too_late`: it is being handed over at this moment, so it may be sent; if it isn't, it is not tried again.
 * - `already_done`: nothing was left to cancel.
 * - `missing`: there is no such message in this tenant.
 */
export type CancelResult = 'canceled' | 'too_late' | 'already_done' | 'missing';

/** A row may be claimed or put back between looking and asking; each try sees a later state. */
const MAX_TRIES = 20;

/** Cancels messages, and answers for each id, in order. */
export async function cancelMessages(
  context: Context,
  scope: Scope,
  ids: readonly string[],
): Promise<readonly CancelResult[]> {
  const { store } = await context.open();
  const results = new Map<string, CancelResult>();
  let open: readonly string[] = [...new Set(ids)];
  for (let tries = 0; open.length > 0 && tries < MAX_TRIES; tries++) {
    const found = await store.messages.get(scope.tenant, open);
    const pending: StoredMessage[] = [];
    for (const id of open) results.set(id, 'missing');
    for (const stored of found) {
      results.set(stored.message.id, 'already_done');
      if (stored.delivery.work !== 'done') pending.push(stored);
    }
    open = await cancelPending(context, scope, pending, results);
  }
  return ids.map((id) => results.get(id) ?? 'missing');
}

/** Answers those that had moved on meanwhile. */
async function cancelPending(
  context: Context,
  scope: Scope,
  pending: readonly StoredMessage[],
  results: Map<string, CancelResult>,
): Promise<string[]> {
  if (pending.length === 0) return [];
  const { store } = await context.open();
  const transitions = pending.map((stored) => cancellationOf(context, stored));
  const answers = await store.messages.transition(scope.tenant, transitions);
  const moved: string[] = [];
  for (const [index, stored] of pending.entries()) {
    const id = stored.message.id;
    const answer = answers[index];
    if (answer === undefined || answer.status !== 'applied') {
      results.set(id, 'too_late');
      moved.push(id);
    } else if (stored.delivery.work === 'sending') {
      // No live event: the attempt in flight is about to say how it really ended.
      results.set(id, 'too_late');
    } else {
      results.set(id, 'canceled');
      publishTransition(context, stored, answer);
    }
  }
  return moved;
}

/**
 * One that waits ends as `canceled`. One that is being handed over keeps its worker, with a `canceled` of the attempt
 * before: whatever the attempt in flight proves outranks that, and a worker that would try again finds it and ends the
 * message instead.
 */
function cancellationOf(context: Context, { message, delivery }: StoredMessage): Transition {
  const inFlight = delivery.work === 'sending';
  const now = context.clock.now();
  const event: EventRecord = {
    id: newId(context.clock),
    tenant: message.tenant,
    messageId: message.id,
    type: 'canceled',
    attempt: inFlight ? delivery.attempt - 1 : delivery.attempt,
    occurredAt: now,
    recordedAt: now,
    reason: inFlight ? 'too_late' : null,
    failure: null,
    detail: {},
  };
  return {
    event,
    when: { work: inFlight ? ['sending'] : ['scheduled', 'queued'], attempt: delivery.attempt },
    work: inFlight ? null : { work: 'done', dueAt: null },
    otherwise: 'drop',
  };
}
