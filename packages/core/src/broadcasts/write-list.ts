import type { Context, Opened } from '../context.ts';
import { buildListRows, type OpenChunk } from '../messages/index.ts';
import type { BroadcastChange, BroadcastRecord, Channel, JsonObject } from '../ports/index.ts';
import { recallAudience } from '../segments/index.ts';
import { type AudiencePlace, audiencePage, BEGINNING } from './audience-page.ts';
import { composePage } from './compose-page.ts';
import { costProblem } from './max-cost.ts';
import { inputOf, prepareBroadcast, scopeOf } from './stored-input.ts';
import { addPage, NOTHING, type Tally } from './tally.ts';

/** People whose messages are written in one transaction: small enough that the host's event loop is not held long. */
const PAGE = 250;

/** Where a list stands: everything before it is written. Kept in the broadcast's row. */
export interface ListCursor {
  readonly place: AudiencePlace | null;
  readonly tally: Tally;
  /** The accounts that its messages leave by. */
  readonly accounts: readonly { readonly tenant: string; readonly key: string; readonly channel: Channel }[];
  /** Chunks that the next page goes on to fill. */
  readonly open: readonly OpenChunk[];
}

/**
 * Writes a broadcast's messages down, page by page, from where the list stands. Each page is one transaction with the new
 * place: whoever goes on after a crash goes on behind it, and of two at once one page wins. With the last page the list
 * is complete, and its messages may leave.
 */
export async function writeList(
  context: Context,
  opened: Opened,
  record: BroadcastRecord,
  signal: AbortSignal,
): Promise<void> {
  const scope = scopeOf(record);
  const prepared = await prepareBroadcast(context, opened, record);
  const audience = await recallAudience(context, opened, scope, inputOf(record).to, record.createdAt);
  const accounts = [...prepared.senders.values()].map(({ account: { tenant, key, channel } }) => ({
    tenant,
    key,
    channel,
  }));
  let cursor: ListCursor = cursorOf(record) ?? { place: BEGINNING, tally: NOTHING, accounts, open: [] };
  let expected = record.cursor;
  // A source that failed before answers again.
  let recovered = record.failure === null ? null : { failure: null };
  while (cursor.place !== null) {
    signal.throwIfAborted();
    const page = await audiencePage(context, opened, scope, audience, cursor.place, { limit: PAGE, signal });
    const composed = await composePage(context, opened, scope, prepared, page.recipients, signal);
    const tally = addPage(cursor.tally, page.recipients.length, composed);
    const drafts = composed.map(({ draft }) => draft);
    const { messages, chunks, open } = buildListRows(context, drafts, cursor.open);
    cursor = { place: page.next, tally, accounts, open };
    const written = cursor as unknown as JsonObject;
    const now = context.clock.now();
    const status = await opened.store.broadcasts.addPage({
      tenant: record.tenant,
      broadcast: record.id,
      expected,
      cursor: written,
      messages,
      chunks,
      end: cursor.place === null ? endOfList(record, tally, now) : recovered,
      now,
    });
    if (status === 'moved_on') return;
    expected = written;
    recovered = null;
  }
}

/** How far the list has come; null before its first page. */
export function cursorOf({ cursor }: BroadcastRecord): ListCursor | null {
  // Written by `writeList`; before chunks were carried over, without `open`.
  const written = cursor as ListCursor | null;
  return written && { ...written, open: written.open ?? [] };
}

function endOfList(record: BroadcastRecord, tally: Tally, now: number): BroadcastChange {
  const problem = costProblem(record, tally);
  if (problem === null) return { state: 'sending', listedAt: now, failure: null };
  const { code, message } = problem;
  return { state: 'refused', endedAt: now, failure: { code, message } };
}
