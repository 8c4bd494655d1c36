import { foldEvent, type NewMessage } from '@posthorn/core';
import { sql } from 'kysely';
import { statusOf } from '../deliveries/delivery-status.ts';
import { each, type Program, statement } from '../program.ts';
import { StatusCounts } from './status-counts.ts';

/** Between which ids and times messages of a broadcast lie. */
interface Span {
  readonly tenant: string;
  readonly broadcast: string;
  firstMessage: string;
  lastMessage: string;
  firstCreatedAt: number;
  lastCreatedAt: number;
}

const widen = statement((db, p: Span) =>
  db
    .updateTable('posthorn_broadcasts')
    .set({
      first_message: sql`case when first_message <= ${p.firstMessage} then first_message else ${p.firstMessage} end`,
      last_message: sql`case when last_message >= ${p.lastMessage} then last_message else ${p.lastMessage} end`,
      first_created_at: sql`case when first_created_at <= ${p.firstCreatedAt} then first_created_at else ${p.firstCreatedAt} end`,
      last_created_at: sql`case when last_created_at >= ${p.lastCreatedAt} then last_created_at else ${p.lastCreatedAt} end`,
    })
    .where('tenant', '=', p.tenant)
    .where('id', '=', p.broadcast),
);

/** New messages in the counts and the spans of the broadcasts that they belong to. */
export function* countIn(added: readonly NewMessage[]): Program<void> {
  const counts = new StatusCounts();
  const spans = new Map<string, Span>();
  for (const { message, work, event } of added) {
    if (message.broadcast === null) continue;
    counts.move(message, null, statusOf(work, (event && foldEvent(null, event)?.name) ?? null));
    stretch(spans, message.tenant, message.broadcast, message.id, message.createdAt);
  }
  yield* each(widen, [...spans.values()]);
  yield* counts.write();
}

function stretch(
  spans: Map<string, Span>,
  tenant: string,
  broadcast: string,
  id: string,
  createdAt: number,
): void {
  const name = `${tenant}\n${broadcast}`;
  const span = spans.get(name);
  if (span === undefined) {
    const ids = { firstMessage: id, lastMessage: id };
    spans.set(name, { tenant, broadcast, ...ids, firstCreatedAt: createdAt, lastCreatedAt: createdAt });
    return;
  }
  if (id < span.firstMessage) span.firstMessage = id;
  if (id > span.lastMessage) span.lastMessage = id;
  if (createdAt < span.firstCreatedAt) span.firstCreatedAt = createdAt;
  if (createdAt > span.lastCreatedAt) span.lastCreatedAt = createdAt;
}
