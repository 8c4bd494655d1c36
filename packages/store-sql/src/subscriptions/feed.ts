import type { EventRecord, FedType, SuppressionRecord } from '@posthorn/core';
import { all, insert, insertion, type Program, statement } from '../program.ts';
import { EVERY_TENANT } from './subscription-row.ts';

const insertFed = insertion('posthorn_feed', ['subscription', 'tenant', 'type', 'message_id', 'source_id']);

const subscriptions = statement((db, p: { tenants: string }, dialect) =>
  db
    .selectFrom('posthorn_subscriptions')
    .select(['id', 'tenant', 'types'])
    .where('tenant', 'in', dialect.each(p.tenants))
    .where('removed_at', 'is', null),
);

interface Fed {
  readonly tenant: string;
  readonly type: FedType;
  readonly messageId: string | null;
  readonly sourceId: string;
}

/** Has events wait for whoever subscribed to them. Belongs to the transaction that stores them. */
export function* feedEvents(events: readonly EventRecord[]): Program<void> {
  yield* feed(events.map(({ id, tenant, type, messageId }) => ({ tenant, type, messageId, sourceId: id })));
}

/** As `feedEvents`, of marks that a transaction made and ended. */
export function* feedMarks(
  marked: readonly SuppressionRecord[],
  lifted: readonly SuppressionRecord[],
): Program<void> {
  const made = marked.filter(({ reason, evidence }) => isRecipients(reason, evidence));
  const ended = lifted.filter(({ reason, lifted: evidence }) => isRecipients(reason, evidence));
  // Of two that change places the address notices nothing.
  if (made.length > 0 && ended.length > 0) return;
  yield* feed([
    ...made.map((mark) => fedMark(mark, 'address.unsubscribed')),
    ...ended.map((mark) => fedMark(mark, 'address.resubscribed')),
  ]);
}

function isRecipients(reason: string, evidence: SuppressionRecord['lifted']): boolean {
  return reason === 'unsubscribed' && typeof evidence?.message === 'string';
}

function fedMark({ tenant, id }: SuppressionRecord, type: FedType): Fed {
  return { tenant, type, messageId: null, sourceId: id };
}

/** One cheap look where nobody has subscribed. */
function* feed(fed: readonly Fed[]): Program<void> {
  if (fed.length === 0) return;
  const tenants = [EVERY_TENANT, ...new Set(fed.map(({ tenant }) => tenant))];
  const rows = yield* all(subscriptions, { tenants: JSON.stringify(tenants) });
  if (rows.length === 0) return;
  const wanting = rows.map(({ id, tenant, types }) => {
    return { id, tenant: tenant === EVERY_TENANT ? null : tenant, types: new Set<string>(JSON.parse(types)) };
  });
  yield* insert(
    insertFed,
    fed.flatMap(({ tenant, type, messageId, sourceId }) =>
      wanting
        .filter((it) => it.types.has(type) && (it.tenant ?? tenant) === tenant)
        .map(({ id }) => [id, tenant, type, messageId, sourceId]),
    ),
  );
}
