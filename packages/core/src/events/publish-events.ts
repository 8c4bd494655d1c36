import type { DeliveryRecord, EventRecord, FoldedOutcome, TransitionResult } from '../ports/index.ts';
import type { LiveEvents } from './live-events.ts';
import {
  failureOf,
  type MessageFailure,
  type Summarised,
  shownOutcome,
  summaryOf,
} from './message-summary.ts';

/** Whoever can tell others: a room's context. */
interface Publisher {
  readonly live: LiveEvents;
}

/** Tells of a message that has just been written: `message.queued`, `.scheduled` or `.skipped`. Call it after the commit. */
export function publishNew(publisher: Publisher, stored: Summarised): void {
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
 * Tells of what a transition did to a message, if its outcome is another one now: duplicates, events that older news
 * outranks, and a provider's word for what is known already are silent.
 */
export function publishTransition(
  publisher: Publisher,
  { message }: Pick<Summarised, 'message'>,
  result: Pick<TransitionResult, 'before' | 'after'>,
): void {
  const { before, after } = result;
  if (after === null || after.outcome === null) return;
  if (before !== null && isSame(before.outcome, after.outcome) && isShownAlike(before, after)) return;
  publishOutcome(publisher, { message, delivery: after }, after.outcome);
}

/** Tells of a flag that a new event set: what a person did with the message. */
export function publishFlag({ live }: Publisher, stored: Summarised, event: EventRecord): void {
  const base = {
    tenant: stored.message.tenant,
    message: summaryOf(stored),
    at: new Date(event.occurredAt),
  };
  if (event.type === 'opened' || event.type === 'complained') live.emit(`message.${event.type}`, base);
  if (event.type === 'clicked') {
    live.emit('message.clicked', { ...base, url: urlOf(event) });
  }
}

function publishOutcome({ live }: Publisher, stored: Summarised, outcome: FoldedOutcome): void {
  const event = {
    tenant: stored.message.tenant,
    message: summaryOf(stored),
    at: new Date(outcome.occurredAt),
  };
  const name = outcome.name ?? 'requeued';
  if (name === 'bounced') {
    live.emit('message.bounced', { ...event, bounce: bounceOf(outcome) });
  } else {
    live.emit(`message.${name}`, event);
  }
}

/** A report may say that a message came back, and no more. */
const NOTHING_SAID = { class: 'undetermined', category: 'other', fault: 'nobody', reply: null } as const;

/** Of an event or an outcome that says that a message bounced. */
export function bounceOf({ failure }: Pick<EventRecord, 'failure'>): MessageFailure {
  return failureOf(failure) ?? NOTHING_SAID;
}

/** Of an event that says that a link was followed. */
export function urlOf({ detail: { url } }: Pick<EventRecord, 'detail'>): string | null {
  return typeof url === 'string' ? url : null;
}

/** What is reported while the message is being sent is told at once, and not again when that has ended. */
function isShownAlike(before: DeliveryRecord, after: DeliveryRecord): boolean {
  return shownOutcome(before)?.name === shownOutcome(after)?.name;
}

function isSame(before: FoldedOutcome | null, after: FoldedOutcome): boolean {
  return (
    before !== null &&
    before.name === after.name &&
    before.attempt === after.attempt &&
    before.reason === after.reason &&
    JSON.stringify(before.failure) === JSON.stringify(after.failure)
  );
}
