import type {
  BroadcastChange,
  BroadcastRecord,
  ListPage,
  MessageRecord,
  NewMessage,
  SegmentRecord,
} from '@posthorn/core';
import { aMessage, anEvent, anId, NOON, queued, TENANT } from './records.ts';

// Broadcasts and segments as core would write them.

/** What `jobs` of broadcasts have; single messages have 0. */
export const BULK = 10;
/** What a complete list becomes. */
export const COMPLETE: BroadcastChange = { state: 'sending', listedAt: NOON };

export function aSegment(parts: Partial<SegmentRecord> = {}): SegmentRecord {
  return {
    tenant: TENANT,
    key: 'friday',
    label: 'Everyone on Friday',
    source: 'customers',
    query: { combinator: 'and', rules: [{ field: 'city', operator: '=', value: "Å'rhus % 🎉" }] },
    createdAt: NOON,
    updatedAt: NOON,
    ...parts,
  };
}

/** One whose list is being made. */
export function aBroadcast(parts: Partial<BroadcastRecord> = {}): BroadcastRecord {
  return {
    tenant: TENANT,
    id: anId(),
    label: 'Storm on Friday',
    state: 'listing',
    pausedAt: null,
    template: 'storm',
    versionId: 'version-1',
    input: { to: [{ segment: 'friday' }], headers: { 'X-Storm': 'yes' } },
    sealedData: 'v1.k1.sealed',
    plan: { total: 2, skipped: [] },
    startAt: null,
    maxCost: null,
    cursor: null,
    firstMessage: null,
    lastMessage: null,
    failure: null,
    createdAt: NOON,
    startedAt: NOON,
    listedAt: null,
    endedAt: null,
    ...parts,
  };
}

type Owner = Pick<BroadcastRecord, 'tenant' | 'id' | 'startAt'>;

/** A message of the broadcast, to somebody new, who waits in the chunk. */
export function aMailing(owner: Owner, chunk: string, parts: Partial<MessageRecord> = {}): NewMessage {
  const waiting = owner.startAt === null ? {} : ({ work: 'scheduled', dueAt: owner.startAt } as const);
  return queued(mailingRecord(owner, parts), { chunk, priority: BULK, ...waiting });
}

/** A message of the broadcast that ends here: somebody without an address. */
export function aSkippedMailing(owner: Owner, parts: Partial<MessageRecord> = {}): NewMessage {
  const message = mailingRecord(owner, { address: null, addressKey: null, ...parts });
  const event = anEvent(message, 'skipped', { attempt: 0, reason: 'no_address' });
  return { message, work: 'done', dueAt: null, chunk: null, priority: BULK, event };
}

function mailingRecord({ tenant, id: broadcast }: Owner, parts: Partial<MessageRecord>): MessageRecord {
  const person = anId();
  return aMessage({
    tenant,
    broadcast,
    recipient: { source: 'customers', id: person },
    address: `${person}@example.dk`,
    addressKey: person,
    ...parts,
  });
}

/** With the chunks that its messages wait in. */
export function aPage(
  { tenant, id, cursor }: Pick<BroadcastRecord, 'tenant' | 'id' | 'cursor'>,
  messages: readonly NewMessage[],
  parts: Partial<ListPage> = {},
): ListPage {
  const chunks = new Map(
    messages.flatMap(({ chunk, message: { account, accountTenant } }) =>
      chunk === null ? [] : [[chunk, { chunk, account, accountTenant }] as const],
    ),
  );
  return {
    tenant,
    broadcast: id,
    expected: cursor,
    cursor: { place: anId() },
    messages,
    chunks: [...chunks.values()],
    end: null,
    now: NOON,
    ...parts,
  };
}
