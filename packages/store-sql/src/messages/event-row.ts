import type { EventRecord } from '@posthorn/core';
import { insertion, type Param } from '../program.ts';
import type { EventRow } from '../schema.ts';

/** Its rows are `eventValues`. The same event again stays the one it was. */
export const insertEvents = insertion(
  'posthorn_events',
  [
    'id',
    'tenant',
    'message_id',
    'type',
    'attempt',
    'occurred_at',
    'recorded_at',
    'reason',
    'failure',
    'detail',
    'provider_id',
  ],
  { keepExisting: true },
);

/** In the order of `insertEvents`. */
export function eventValues(event: EventRecord): readonly Param[] {
  return [
    event.id,
    event.tenant,
    event.messageId,
    event.type,
    event.attempt,
    event.occurredAt,
    event.recordedAt,
    event.reason,
    event.failure && JSON.stringify(event.failure),
    JSON.stringify(event.detail),
    providerIdOf(event),
  ];
}

/** Only where the provider took it from us: of what it reports later, it is known already. */
function providerIdOf({ type, detail }: EventRecord): string | null {
  return type === 'accepted' && typeof detail.providerId === 'string' ? detail.providerId : null;
}

export function eventOf(row: EventRow): EventRecord {
  return {
    id: row.id,
    tenant: row.tenant,
    messageId: row.message_id,
    type: row.type as EventRecord['type'],
    attempt: row.attempt,
    occurredAt: row.occurred_at,
    recordedAt: row.recorded_at,
    reason: row.reason,
    failure: row.failure === null ? null : JSON.parse(row.failure),
    detail: JSON.parse(row.detail),
  };
}
