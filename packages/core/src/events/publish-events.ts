import type { FoldedOutcome, StoredMessage, TransitionResult } from '../ports/index.ts';
import type { LiveEvents } from './live-events.ts';
import { failureOf, summaryOf } from './message-summary.ts';

/** Whoever can tell others: a room's context. */
interface Publisher {
  readonly live: LiveEvents;
}

/** Tells of a message that has just been written: `message.queued`, `.scheduled` or `.skipped`. Call it after the commit. */
export function publishNew(publisher: Publisher, stored: StoredMessage): void {
  const { message, delivery } = stored;
  if (delivery.outcome !== null) {
    publishOutcome(publisher, stored, delivery.outcome);
    return;
  }
  publisher.live.emit(delivery.work === 'scheduled' ? 'message.scheduled' : 'message.queued', {
    tenant: message.tenant,
    message: summaryOf(stored),
    at: new Date(message.createdAt),
  });
}

/**
 * Tells of what a transition did to a message, if its outcome is another one now: duplicates and events that older news
 * outranks are silent.
 */
export function publishTransition(
  publisher: Publisher,
  { message }: Pick<StoredMessage, 'message'>,
  result: Pick<TransitionResult, 'before' | 'after'>,
): void {
  const { before, after } = result;
  if (after === null || after.outcome === null) return;
  if (before !== null && isSame(before.outcome, after.outcome)) return;
  publishOutcome(publisher, { message, delivery: after }, after.outcome);
}

function publishOutcome({ live }: Publisher, stored: StoredMessage, outcome: FoldedOutcome): void {
  const event = {
    tenant: stored.message.tenant,
    message: summaryOf(stored),
    at: new Date(outcome.occurredAt),
  };
  const name = outcome.name ?? 'requeued';
  if (name === 'bounced') {
    live.emit('message.bounced', { ...event, bounce: failureOf(outcome.failure) ?? NOTHING_SAID });
  } else {
    live.emit(`message.${name}`, event);
  }
}

/** A report may say that a message came back, and no more. */
const NOTHING_SAID = { class: 'undetermined', category: 'other', fault: 'nobody', reply: null } as const;

function isSame(before: FoldedOutcome | null, after: FoldedOutcome): boolean {
  return (
    before !== null &&
    before.name === after.name &&
    before.attempt === after.attempt &&
    before.occurredAt === after.occurredAt &&
    before.reason === after.reason &&
    JSON.stringify(before.failure) === JSON.stringify(after.failure)
  );
}
