import type { DeliveryRecord, EventRecord, FoldedOutcome, OutcomeName } from '../ports/index.ts';
import { foldFlag } from './fold-flags.ts';

/** The events that are about what became of a message; the others are flags beside it, or change nothing. */
type FoldableType = OutcomeName | 'requeued';
type FoldableFact = EventFact & { readonly type: FoldableType };

/**
 * Which of two facts about one attempt says more. A later word of the same rank wins by the time it occurred. `requeued`
 * stands above `unknown` alone: a person's "send it again" ends a doubt, and any real news ends the person's word.
 */
const RANK: Readonly<Record<FoldableType, number>> = {
  unknown: 1,
  requeued: 2,
  accepted: 3,
  deferred: 4,
  skipped: 5,
  failed: 5,
  canceled: 5,
  expired: 5,
  rejected: 6,
  delivered: 7,
  bounced: 8,
};

/** Outcomes that prove an attempt reached a server which answers for it: nothing more is handed over. */
const PROOF: ReadonlySet<EventRecord['type']> = new Set(['accepted', 'delivered', 'bounced']);

/** What of an event decides the outcome. */
export type EventFact = Pick<EventRecord, 'type' | 'attempt' | 'occurredAt' | 'reason' | 'failure'>;

/**
 * Adds one event to a folded outcome. By attempt, then rank, then time of occurrence: the order in which events arrive,
 * and how often, changes nothing.
 */
export function foldEvent(folded: FoldedOutcome | null, event: EventFact): FoldedOutcome | null {
  if (!isFoldable(event)) return folded;
  if (folded !== null && compare(event, asFact(folded)) <= 0) return folded;
  return {
    name: event.type === 'requeued' ? null : event.type,
    attempt: event.attempt,
    occurredAt: event.occurredAt,
    reason: event.reason,
    failure: event.failure,
  };
}

/** Folds all events of a message, in any order. */
export function foldEvents(events: Iterable<EventFact>): FoldedOutcome | null {
  let folded: FoldedOutcome | null = null;
  for (const event of events) folded = foldEvent(folded, event);
  return folded;
}

/**
 * What an event does to a delivery: the outcome or a flag is folded, and waiting work ends where the event proves that a
 * server has the message. Answers the same object where it changes nothing.
 */
export function advance(delivery: DeliveryRecord, event: EventFact): DeliveryRecord {
  if (!isFoldable(event)) {
    const flags = foldFlag(delivery.flags, event);
    return flags === delivery.flags ? delivery : { ...delivery, flags };
  }
  const outcome = foldEvent(delivery.outcome, event);
  const waiting = delivery.work === 'scheduled' || delivery.work === 'queued';
  if (!waiting || !PROOF.has(event.type)) {
    return outcome === delivery.outcome ? delivery : { ...delivery, outcome };
  }
  return { ...delivery, outcome, work: 'done', dueAt: null, chunk: null };
}

function isFoldable(event: EventFact): event is FoldableFact {
  return Object.hasOwn(RANK, event.type);
}

function asFact(
  folded: FoldedOutcome,
): Pick<FoldableFact, 'type' | 'attempt' | 'occurredAt'> & { text: string } {
  return {
    type: folded.name ?? 'requeued',
    attempt: folded.attempt,
    occurredAt: folded.occurredAt,
    text: detailText(folded),
  };
}

function compare(event: FoldableFact, folded: ReturnType<typeof asFact>): number {
  return (
    event.attempt - folded.attempt ||
    RANK[event.type] - RANK[folded.type] ||
    event.occurredAt - folded.occurredAt ||
    order(event.type, folded.type) ||
    order(detailText(event), folded.text)
  );
}

/** Two facts of one rank and instant still need one order, or arrival would decide. */
function order(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function detailText(fact: Pick<EventFact, 'reason' | 'failure'>): string {
  return JSON.stringify([fact.reason, fact.failure]);
}
