import { expect, it } from 'vitest';
import type { EventRecord } from '../ports/index.ts';
import { orderEvents } from './order-events.ts';

const SENT = Date.UTC(2026, 10, 24, 2, 10, 57, 300);
const event = (
  type: EventRecord['type'],
  occurredAt: number,
  parts: Partial<EventRecord> = {},
): EventRecord => ({
  id: `${type}-${occurredAt}`,
  tenant: 'sol',
  messageId: 'm-1',
  type,
  attempt: 1,
  occurredAt,
  recordedAt: occurredAt,
  reason: null,
  failure: null,
  detail: { provider: type },
  ...parts,
});
const accepted = event('accepted', SENT, { detail: {} });
const typesOf = (events: readonly EventRecord[]) => orderEvents(events).map(({ event: { id } }) => id);

it('what a provider tells of the second in which it took the message comes after that, as it happens in life', () => {
  const second = SENT - 300;
  const opened = event('opened', second);
  const delivered = event('delivered', second);
  const processed = event('accepted', second);
  expect(typesOf([opened, delivered, processed, accepted])).toEqual(
    [accepted, processed, delivered, opened].map(({ id }) => id),
  );
});

it('what it tells of another second, or of another attempt, stays where it is', () => {
  const earlier = event('deferred', SENT - 1_000);
  const later = event('delivered', SENT + 60_000);
  const former = event('deferred', SENT - 500, { attempt: 0 });
  expect(typesOf([later, accepted, former, earlier])).toEqual(
    [earlier, former, accepted, later].map(({ id }) => id),
  );
});
