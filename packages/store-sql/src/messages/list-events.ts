import type { EventRecord } from '@posthorn/core';
import { foundFirst } from '../found-first.ts';
import { all, type Program, statement } from '../program.ts';
import { eventOf } from './event-row.ts';

const ofMessage = statement((db, p: { tenant: string; messageId: string }) =>
  db
    .selectFrom('posthorn_events')
    .selectAll()
    .where('tenant', '=', p.tenant)
    .where('message_id', '=', p.messageId)
    .orderBy('occurred_at')
    .orderBy('id'),
);

const resends = statement((db, p: { tenant: string; messageId: string }) =>
  db
    .selectFrom('posthorn_messages')
    .select('id')
    .where('tenant', '=', p.tenant)
    .where('resend_of', '=', p.messageId)
    .orderBy(foundFirst('created_at'))
    .orderBy('id'),
);

export function* listEvents(tenant: string, messageId: string): Program<readonly EventRecord[]> {
  return (yield* all(ofMessage, { tenant, messageId })).map(eventOf);
}

export function* resendsOf(tenant: string, messageId: string): Program<readonly string[]> {
  return (yield* all(resends, { tenant, messageId })).map((row) => row.id);
}
