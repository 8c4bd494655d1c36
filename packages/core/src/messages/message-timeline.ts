import { z } from 'zod';
import { checkInput, inputErrorOf } from '../check-input.ts';
import type { Context, Scope } from '../context.ts';
import { failureOf, type MessageFailure } from '../events/index.ts';
import type { EventRecord, StoredMessage } from '../ports/index.ts';
import { parseLocale } from '../recipients/index.ts';
import { loadMessage } from './load-messages.ts';
import { orderEvents } from './order-events.ts';
import { type Teller, type Telling, tell } from './timeline-words.ts';

/** One thing that happened to a message, with words that a person understands. */
export interface TimelineEntry {
  readonly at: Date;
  /**
   * An outcome, or `created`, `scheduled`, `requeued` (another attempt of this message), `resent` (a new message); or what
   * was done with it: `opened`, `machine_clicked`, …; `reported` is something that we do not know; `redacted`: what it said,
   * and the words of servers about it, were removed as old.
   */
  readonly type: EventRecord['type'] | 'created' | 'scheduled' | 'resent' | 'redacted';
  /** Which hand-over it is about; 0 before the first. */
  readonly attempt: number;
  /** Two or three words: `Came back`. */
  readonly title: string;
  /** The whole story in one or two sentences. */
  readonly sentence: string;
  /** Code of a skip and the like. */
  readonly reason: string | null;
  readonly failure: MessageFailure | null;
  /** Who decided it, where a person did. */
  readonly by: string | null;
  /** For `resent`: the new message. */
  readonly messageId: string | null;
}

/** In whose words. */
export interface TimelineOptions {
  /** BCP 47; Danish and English are spoken. The tenant's where nothing is said. */
  readonly locale?: string | undefined;
}

const optionsSchema = z.strictObject({ locale: z.string().optional() });

/** Everything that happened to a message, in the order in which it happened. */
export async function timelineOf(
  context: Context,
  scope: Scope,
  id: string,
  options: TimelineOptions = {},
): Promise<readonly TimelineEntry[]> {
  const { locale = scope.locale } = checkInput(optionsSchema, options, 'options of the timeline');
  const known = parseLocale(locale);
  if (known === undefined)
    throw inputErrorOf('options of the timeline', [{ path: 'locale', message: 'is no locale' }]);
  const { store } = await context.open();
  const stored = await loadMessage(store, scope, id);
  const teller = { locale: known, timeZone: scope.timeZone };
  const events = orderEvents(await store.messages.events(scope.tenant, id));
  const resends = await store.messages.get(scope.tenant, await store.messages.resendsOf(scope.tenant, id));
  const placed = [
    ...beginning(stored, teller).map(placeOf),
    ...events.map(({ event, sortsAt }) => ({ entry: entryOf(event, stored, teller), sortsAt })),
    ...resends.map((resend) => placeOf(resentEntry(resend, teller))),
    ...redaction(stored, teller).map(placeOf),
  ];
  return placed.sort((a, b) => a.sortsAt - b.sortsAt).map(({ entry }) => entry);
}

function placeOf(entry: TimelineEntry) {
  return { entry, sortsAt: entry.at.getTime() };
}

const NOTHING_WRONG = { reason: null, failure: null, by: null } as const;

function beginning({ message }: StoredMessage, teller: Teller): TimelineEntry[] {
  const created: Telling = {
    ...NOTHING_WRONG,
    type: 'created',
    reason: message.resendOf === null ? null : 'resend',
  };
  const base = { ...NOTHING_WRONG, at: new Date(message.createdAt), attempt: 0, messageId: null };
  const entries: TimelineEntry[] = [{ ...base, type: 'created', ...tell(created, message, teller) }];
  if (message.sendAt !== null) {
    const scheduled = { ...NOTHING_WRONG, type: 'scheduled' } as const;
    entries.push({ ...base, type: 'scheduled', ...tell(scheduled, message, teller) });
  }
  return entries;
}

function entryOf(event: EventRecord, { message }: StoredMessage, teller: Teller): TimelineEntry {
  const { type, reason, failure, detail } = event;
  const by = typeof detail.by === 'string' ? detail.by : null;
  return {
    at: new Date(event.occurredAt),
    type,
    attempt: event.attempt,
    ...tell({ type, reason, failure, by, detail }, message, teller),
    reason,
    failure: failureOf(failure),
    by,
    messageId: null,
  };
}

function resentEntry({ message }: StoredMessage, teller: Teller): TimelineEntry {
  return {
    ...NOTHING_WRONG,
    at: new Date(message.createdAt),
    type: 'resent',
    attempt: 0,
    ...tell({ ...NOTHING_WRONG, type: 'resent' }, message, teller),
    messageId: message.id,
  };
}

function redaction({ message, delivery: { redactedAt } }: StoredMessage, teller: Teller): TimelineEntry[] {
  if (redactedAt === null) return [];
  const told = tell({ ...NOTHING_WRONG, type: 'redacted' }, message, teller);
  const at = new Date(redactedAt);
  return [{ ...NOTHING_WRONG, at, type: 'redacted', attempt: 0, ...told, messageId: null }];
}
