import type { Context, Scope } from '../context.ts';
import { scanDue } from '../delivery/index.ts';
import { ConflictError } from '../errors.ts';
import { publishTransition } from '../events/index.ts';
import { newId } from '../ids.ts';
import type { StoredMessage, Transition } from '../ports/index.ts';
import { findBroadcast, wrongState } from './find-broadcast.ts';

/** Messages taken back to waiting in one transaction. */
const PAGE = 200;

/** One more attempt for each message that ended as `failed`; answers how many. */
export async function retryFailed(context: Context, scope: Scope, id: string): Promise<number> {
  const opened = await context.open();
  const { store } = opened;
  const record = await findBroadcast(opened, scope, id);
  if (record.state !== 'sending') throw wrongState(id, record.state, 'tried again', 'Make a new plan.');
  let retried = 0;
  let redacted = 0;
  let after: string | null = null;
  for (;;) {
    const page = { limit: PAGE, after };
    const ids: readonly string[] = await store.broadcasts.messageIds(scope.tenant, id, ['failed'], page);
    const last = ids.at(-1);
    if (last === undefined) break;
    after = last;
    const failed = await store.messages.get(scope.tenant, ids);
    const whole = failed.filter(hasAllValues);
    redacted += failed.filter(isRedacted).length;
    const transitions = whole.map((stored) => againOf(context, stored));
    const results = await store.messages.transition(scope.tenant, transitions);
    for (const [index, stored] of whole.entries()) {
      const result = results[index];
      if (result?.status !== 'applied') continue;
      retried += 1;
      publishTransition(context, stored, result);
    }
  }
  if (retried > 0) await scanDue(context, opened);
  if (retried === 0 && redacted > 0) throw allRedacted(id, redacted);
  return retried;
}

function isRedacted({ delivery }: StoredMessage): boolean {
  return delivery.redactedAt !== null;
}

function allRedacted(id: string, count: number): ConflictError {
  return new ConflictError(
    'content_redacted',
    `What the ${count} failed messages of the broadcast ${id} said was removed, as their template's retention says.`,
    { path: 'id', advice: 'To write to these people, make a new plan.' },
  );
}

/** Secret values were wiped when it failed, and without them nothing can be sent. */
function hasAllValues({ message, delivery }: StoredMessage): boolean {
  if (delivery.redactedAt !== null) return false;
  return message.sealedSlots !== null || !message.slots.includes(null);
}

/**
 * The person's word stands at an attempt of its own, which is never handed over: at the last one it would be outranked by
 * the failure it ends, and at the next one it would outrank a doubt.
 */
function againOf({ clock }: Context, { message, delivery }: StoredMessage): Transition {
  const now = clock.now();
  const attempt = delivery.attempt + 1;
  return {
    event: {
      id: newId(clock),
      tenant: message.tenant,
      messageId: message.id,
      type: 'requeued',
      attempt,
      occurredAt: now,
      recordedAt: now,
      reason: 'retry_failed',
      failure: null,
      detail: {},
    },
    when: { work: ['done'], outcome: ['failed'], attempt: delivery.attempt },
    work: { work: 'queued', dueAt: now, attempt },
    otherwise: 'drop',
  };
}
