import assert from 'node:assert/strict';
import type {
  AddressReportRecord,
  EventRecord,
  JsonObject,
  MessageRecord,
  OpenedBackend,
  ReportedFact,
  SettledFact,
  Store,
  UnmatchedReportRecord,
} from '@posthorn/core';
import { anEvent, anId, NOON, PLATFORM, settled, TENANT } from './records.ts';
import { begin, sendOne } from './steps.ts';

// What laws of reports do on their way.

/** The account that records of messages name. */
export const ACCOUNT = { tenant: PLATFORM, key: 'smtp' };

/** A message that left: its hand-over ended so. */
export async function leave(
  opened: OpenedBackend,
  parts: Partial<MessageRecord> = {},
  type: EventRecord['type'] = 'accepted',
  detail: JsonObject = {},
): Promise<MessageRecord> {
  const { message, job } = await sendOne(opened, parts);
  await begin(opened.store, job, 'token');
  const ended = settled(anEvent(message, type, { detail }), 'token');
  await opened.store.messages.transition(message.tenant, [ended]);
  return message;
}

export function aReport(
  message: Pick<MessageRecord, 'id' | 'tenant'>,
  type: EventRecord['type'],
  parts: Partial<EventRecord> = {},
): ReportedFact {
  return { event: anEvent(message, type, { detail: { provider: type }, ...parts }), address: null };
}

/** A report of a message that says something of its address as well. */
export function aWord(
  message: MessageRecord,
  type: AddressReportRecord['type'],
  parts: Partial<AddressReportRecord> = {},
): ReportedFact {
  const event = anEvent(message, type, { occurredAt: parts.occurredAt ?? NOON });
  const { tenant, channel, address, addressKey } = message;
  assert(addressKey !== null);
  const { list = null } = parts;
  const word = {
    id: event.id,
    tenant,
    channel,
    addressKey,
    address,
    type,
    list,
    occurredAt: event.occurredAt,
    recordedAt: NOON,
    evidence: { how: 'provider', message: message.id, ...(list === null ? {} : { list }) },
    ...parts,
  };
  return { event, address: word };
}

export function settleAll(store: Store, ...facts: readonly ReportedFact[]): Promise<readonly SettledFact[]> {
  return store.reports.settle(facts);
}

/** The reasons for which Anna's address is not written to. */
export async function reasonsOf(store: Store): Promise<readonly string[]> {
  const history = await store.suppressions.history(TENANT, 'email', 'anna');
  return history.filter(({ liftedAt }) => liftedAt === null).map(({ reason }) => reason);
}

export function anUnmatched(parts: Partial<UnmatchedReportRecord> = {}): UnmatchedReportRecord {
  return {
    id: anId(),
    receivedAt: NOON,
    report: {
      type: 'bounced',
      providerId: 'nobody’s',
      address: 'bent@example.dk',
      occurredAt: NOON - 1,
      failure: { category: 'mailbox_full', fault: 'recipient', bounceClass: 'soft' },
      list: null,
      detail: { provider: 'bounce', nested: { list: [1, 'two', null] } },
    },
    ...parts,
  };
}
