import {
  advance,
  type DeliveryRecord,
  type EventRecord,
  redactEvent,
  type Transition,
  type TransitionResult,
} from '@posthorn/core';
import type { CountedStatus, StatusCounts } from '../broadcasts/status-counts.ts';
import { eventOf, eventValues, insertEvents } from '../messages/event-row.ts';
import { all, each, insert, type Program, statement } from '../program.ts';
import type { DeliveryRow } from '../schema.ts';
import { feedEvents } from '../subscriptions/feed.ts';
import {
  deliveryColumns,
  deliveryOf,
  isWaiting,
  type OutcomeColumns,
  outcomeColumns,
} from './delivery-row.ts';
import { statusOf } from './delivery-status.ts';

/** A delivery with what only the store knows of it. */
export interface Entry {
  readonly tenant: string;
  readonly broadcast: string | null;
  readonly token: string | null;
  /** Whether its message still holds sealed slots. */
  readonly sealed: boolean;
  readonly record: DeliveryRecord;
}

export const entryColumns = [...deliveryColumns, 'tenant', 'broadcast', 'lease_token', 'sealed'] as const;

export type EntryRow = Pick<DeliveryRow, (typeof entryColumns)[number]>;

const byIds = statement((db, p: { ids: string }, dialect) =>
  db.selectFrom('posthorn_deliveries').select(entryColumns).where('message_id', 'in', dialect.each(p.ids)),
);

const eventsOf = statement((db, p: { ids: string }, dialect) =>
  db.selectFrom('posthorn_events').selectAll().where('message_id', 'in', dialect.each(p.ids)),
);

interface ChangedRow extends OutcomeColumns {
  id: string;
  work: string;
  dueAt: number | null;
  attempt: number;
  chunk: string | null;
  token: string | null;
  sealed: number;
}

const update = statement((db, p: ChangedRow) =>
  db
    .updateTable('posthorn_deliveries')
    .set({
      work: p.work,
      due_at: p.dueAt,
      attempt: p.attempt,
      chunk: p.chunk,
      lease_token: p.token,
      sealed: p.sealed,
      outcome: p.outcome,
      outcome_attempt: p.outcome_attempt,
      outcome_at: p.outcome_at,
      outcome_reason: p.outcome_reason,
      outcome_failure: p.outcome_failure,
    })
    .where('message_id', '=', p.id),
);

/** Apart, as flags come from outside and are no part of sending. */
const updateFlags = statement((db, p: { id: string; flags: string }) =>
  db.updateTable('posthorn_deliveries').set({ flags: p.flags }).where('message_id', '=', p.id),
);

const wipe = statement((db, p: { ids: string }, dialect) =>
  db.updateTable('posthorn_messages').set({ sealed_slots: null }).where('id', 'in', dialect.each(p.ids)),
);

/**
 * Deliveries while transitions are applied to them, one after the other; `write` then stores the events, the rows that
 * changed, and wipes the secret values of messages that are done and not in doubt. Their rows are locked before they are
 * read, and `counts` are written last of all in a transaction: whatever sends the same broadcast waits for those.
 */
export class Ledger {
  readonly #entries: Map<string, Entry>;
  readonly #events: Map<string, EventRecord[]>;
  readonly #added: EventRecord[] = [];
  readonly #changed = new Set<string>();
  readonly #flagged = new Set<string>();
  readonly #counts: StatusCounts;

  /** `events`: those that are stored of messages which may be taken back to waiting. */
  constructor(entries: Iterable<Entry>, counts: StatusCounts, events: readonly EventRecord[] = []) {
    this.#counts = counts;
    this.#entries = new Map(Array.from(entries, (entry) => [entry.record.messageId, entry]));
    this.#events = Map.groupBy(events, ({ messageId }) => messageId);
  }

  apply(transition: Transition): TransitionResult {
    const { work, otherwise } = transition;
    const { messageId, tenant } = transition.event;
    const entry = this.#entries.get(messageId);
    if (entry === undefined || entry.tenant !== tenant) {
      return { messageId, status: 'missing', before: null, after: null };
    }
    const before = entry.record;
    const isRedacted = before.redactedAt !== null;
    const event = isRedacted ? redactEvent(transition.event) : transition.event;
    // Without content there is nothing to send again.
    const isPossible = !isRedacted || work === null || !isWaiting(work.work);
    const holds = isPossible && matches(entry, transition.when);
    if (!holds && otherwise === 'drop') return { messageId, status: 'dropped', before, after: before };

    this.#add(event);
    const folded = advance(before, event);
    const after = holds && work !== null ? this.#command(folded, event, work) : folded;
    this.#set({ ...entry, record: after, token: keepsLease(before, after) ? entry.token : null });
    this.#counts.move(entry, countedStatus(before), countedStatus(after));
    return { messageId, status: holds ? 'applied' : 'recorded', before, after };
  }

  *write(): Program<void> {
    yield* insert(insertEvents, this.#added.map(eventValues));
    yield* feedEvents(this.#added);
    const changed = [...this.#changed].map((id) => this.#entries.get(id)).filter((it) => it !== undefined);
    yield* each(update, changed.map(changedRow));
    yield* each(
      updateFlags,
      [...this.#flagged].map((id) => this.#flagsOf(id)),
    );
    const wiped = changed.filter(mustWipe).map(({ record }) => record.messageId);
    if (wiped.length > 0) yield* all(wipe, { ids: JSON.stringify(wiped) });
  }

  #command(
    folded: DeliveryRecord,
    event: EventRecord,
    command: NonNullable<Transition['work']>,
  ): DeliveryRecord {
    const { work, dueAt, attempt = folded.attempt } = command;
    if (work === 'done') return { ...folded, work, dueAt: null, attempt, chunk: null };
    if (!isWaiting(work)) return { ...folded, work, dueAt, attempt };
    const waiting = { ...folded, work, dueAt: Math.round(dueAt ?? event.recordedAt), attempt, chunk: null };
    // Nothing is handed over again once any attempt, however early, is known to have arrived.
    return (this.#events.get(event.messageId) ?? []).reduce(advance, waiting);
  }

  #add(event: EventRecord): void {
    const events = this.#events.get(event.messageId);
    if (events === undefined) this.#events.set(event.messageId, [event]);
    else events.push(event);
    this.#added.push(event);
  }

  #set(entry: Entry): void {
    const { messageId, flags } = entry.record;
    const before = this.#entries.get(messageId)?.record;
    this.#entries.set(messageId, entry);
    if (before?.flags !== flags) this.#flagged.add(messageId);
    // What is reported after the end mostly sets a flag, or is known.
    else if (entry.record !== before) this.#changed.add(messageId);
  }

  #flagsOf(id: string): { id: string; flags: string } {
    return { id, flags: JSON.stringify(this.#entries.get(id)?.record.flags) };
  }
}

/** A ledger of all that these transitions touch. */
export function* openLedger(transitions: readonly Transition[], counts: StatusCounts): Program<Ledger> {
  if (transitions.length === 0) return new Ledger([], counts);
  const ids = transitions.map(({ event }) => event.messageId);
  const rows = yield* all(byIds, { ids: JSON.stringify(ids) });
  const requeued = transitions.filter(({ work }) => work !== null && isWaiting(work.work));
  if (requeued.length === 0) return new Ledger(rows.map(entryOf), counts);
  const requeuedIds = requeued.map(({ event }) => event.messageId);
  const events = yield* all(eventsOf, { ids: JSON.stringify(requeuedIds) });
  return new Ledger(rows.map(entryOf), counts, events.map(eventOf));
}

export function entryOf(row: EntryRow): Entry {
  return {
    tenant: row.tenant,
    broadcast: row.broadcast,
    token: row.lease_token,
    sealed: row.sealed === 1,
    record: deliveryOf(row),
  };
}

/** What the provider itself tries again is counted apart: it holds nothing up. */
function countedStatus({ work, outcome }: DeliveryRecord): CountedStatus {
  const status = statusOf(work, outcome?.name ?? null);
  return status === 'deferred' && work === 'done' ? 'postponed' : status;
}

function matches({ record, token }: Entry, when: Transition['when']): boolean {
  const name = record.outcome?.name ?? null;
  return (
    (when.work === undefined || when.work.includes(record.work)) &&
    (when.token === undefined || when.token === token) &&
    (when.outcome === undefined || (name !== null && when.outcome.includes(name))) &&
    (when.attempt === undefined || when.attempt === record.attempt)
  );
}

/** A lease is on a chunk's row: it ends when the row leaves the chunk. */
function keepsLease(before: DeliveryRecord, after: DeliveryRecord): boolean {
  return after.work !== 'done' && after.chunk === before.chunk;
}

function mustWipe({ sealed, record }: Entry): boolean {
  const name = record.outcome?.name ?? null;
  return sealed && record.work === 'done' && name !== null && name !== 'unknown';
}

function changedRow(entry: Entry): ChangedRow {
  const { record, token } = entry;
  return {
    id: record.messageId,
    work: record.work,
    dueAt: record.dueAt,
    attempt: record.attempt,
    chunk: record.chunk,
    token,
    sealed: Number(entry.sealed && !mustWipe(entry)),
    ...outcomeColumns(record.outcome),
  };
}
