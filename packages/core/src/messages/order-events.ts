import type { EventRecord } from '../ports/index.ts';

/** Providers tell whole seconds: what followed a hand-over within the second seems to have come before it. */
const SECOND_MS = 1_000;
/** What is told of one moment, as it happens in life. */
const LIFE: readonly EventRecord['type'][] = ['accepted', 'deferred', 'rejected', 'delivered', 'bounced'];

/** An event, and where it belongs in a timeline. */
export interface PlacedEvent {
  readonly event: EventRecord;
  readonly sortsAt: number;
}

/** The events of a message in the order in which they will have happened. */
export function orderEvents(events: readonly EventRecord[]): readonly PlacedEvent[] {
  const own = new Map(events.filter(isOwn).map(({ attempt, occurredAt }) => [attempt, occurredAt]));
  const place = (event: EventRecord): PlacedEvent => {
    const { occurredAt } = event;
    const handedOverAt = own.get(event.attempt) ?? occurredAt;
    const isSameSecond = handedOverAt > occurredAt && handedOverAt - occurredAt < SECOND_MS;
    return { event, sortsAt: !isOwn(event) && isSameSecond ? handedOverAt : occurredAt };
  };
  return events.map(place).sort((a, b) => a.sortsAt - b.sortsAt || stageOf(a.event) - stageOf(b.event));
}

/** What we found out ourselves has no word of a provider's. */
function isOwn({ detail }: EventRecord): boolean {
  return detail.provider === undefined;
}

function stageOf(event: EventRecord): number {
  if (isOwn(event)) return 0;
  const stage = LIFE.indexOf(event.type);
  return stage < 0 ? LIFE.length + 1 : stage + 1;
}
