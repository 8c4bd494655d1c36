import type { DeliveryRecord, FoldedOutcome, MessageFlags, NewMessage } from '@posthorn/core';
import { foldEvent } from '@posthorn/core';
import { insertion, type Param } from '../program.ts';
import type { DeliveryRow } from '../schema.ts';

/** The columns that become a `DeliveryRecord`. */
export const deliveryColumns = [
  'message_id',
  'work',
  'due_at',
  'attempt',
  'chunk',
  'priority',
  'outcome',
  'outcome_attempt',
  'outcome_at',
  'outcome_reason',
  'outcome_failure',
  'flags',
  'redacted_at',
] as const;

/** Its rows are `deliveryValues`. */
export const insertDeliveries = insertion('posthorn_deliveries', [
  'message_id',
  'tenant',
  'account',
  'account_tenant',
  'broadcast',
  'created_at',
  'work',
  'due_at',
  'attempt',
  'chunk',
  'priority',
  'lease_token',
  'sealed',
  'outcome',
  'outcome_attempt',
  'outcome_at',
  'outcome_reason',
  'outcome_failure',
]);

export function isWaiting(work: string): boolean {
  return work === 'scheduled' || work === 'queued';
}

/** In the order of `insertDeliveries`. */
export function deliveryValues(added: NewMessage, sealed: boolean, now: number): readonly Param[] {
  const { message, work, dueAt, chunk, priority, event } = added;
  // A waiting row without a time would wait for ever.
  const due = isWaiting(work) ? Math.round(dueAt ?? now) : null;
  const outcome = event && foldEvent(null, event);
  return [
    message.id,
    message.tenant,
    message.account,
    message.accountTenant,
    message.broadcast,
    message.createdAt,
    work,
    due,
    event?.attempt ?? 0,
    isWaiting(work) ? chunk : null,
    priority,
    null,
    Number(sealed),
    ...outcomeValues(outcome),
  ];
}

export interface OutcomeColumns {
  outcome: string | null;
  outcome_attempt: number | null;
  outcome_at: number | null;
  outcome_reason: string | null;
  outcome_failure: string | null;
}

const NO_FLAGS: MessageFlags = {};

const NO_OUTCOME: OutcomeColumns = {
  outcome: null,
  outcome_attempt: null,
  outcome_at: null,
  outcome_reason: null,
  outcome_failure: null,
};

export function outcomeColumns(outcome: FoldedOutcome | null): OutcomeColumns {
  if (outcome === null) return NO_OUTCOME;
  return {
    outcome: outcome.name ?? 'requeued',
    outcome_attempt: outcome.attempt,
    outcome_at: outcome.occurredAt,
    outcome_reason: outcome.reason,
    outcome_failure: outcome.failure && JSON.stringify(outcome.failure),
  };
}

function outcomeValues(outcome: FoldedOutcome | null): readonly Param[] {
  const columns = outcomeColumns(outcome);
  return [
    columns.outcome,
    columns.outcome_attempt,
    columns.outcome_at,
    columns.outcome_reason,
    columns.outcome_failure,
  ];
}

export function deliveryOf(row: Pick<DeliveryRow, (typeof deliveryColumns)[number]>): DeliveryRecord {
  return {
    messageId: row.message_id,
    work: row.work as DeliveryRecord['work'],
    dueAt: row.due_at,
    attempt: row.attempt,
    chunk: row.chunk,
    priority: row.priority,
    outcome: outcomeOf(row),
    flags: row.flags === null ? NO_FLAGS : JSON.parse(row.flags),
    redactedAt: row.redacted_at,
  };
}

function outcomeOf(row: OutcomeColumns): FoldedOutcome | null {
  if (row.outcome === null) return null;
  return {
    name: row.outcome === 'requeued' ? null : (row.outcome as FoldedOutcome['name']),
    attempt: row.outcome_attempt ?? 0,
    occurredAt: row.outcome_at ?? 0,
    reason: row.outcome_reason,
    failure: row.outcome_failure === null ? null : JSON.parse(row.outcome_failure),
  };
}
