import type { Context } from '../context.ts';
import { newId } from '../ids.ts';
import type { BroadcastChunk, EventRecord, JobRecord, NewMessage } from '../ports/index.ts';
import type { Draft } from './draft.ts';
import { fillChunks, type OpenChunk } from './fill-chunks.ts';
import type { SkipReason } from './skip-reason.ts';

/** Priorities: messages of broadcasts come after single ones. */
const SINGLE = 0;
const BULK = 10;

/** What one send writes beside its content. */
export interface Rows {
  readonly messages: readonly NewMessage[];
  readonly jobs: readonly JobRecord[];
}

/** A page of a broadcast's list: its chunks become jobs when the list is complete and their turn has come. */
export interface ListRows {
  readonly messages: readonly NewMessage[];
  readonly chunks: readonly BroadcastChunk[];
  /** Chunks that the next page goes on to fill. */
  readonly open: readonly OpenChunk[];
}

/**
 * Decides how each message waits: skipped ones are done; those with a time to come, or with a paused account, wait for
 * the due-scan (of a paused one, until it works again); the others go to the queue at once, a job per chunk.
 */
export function buildRows(context: Context, drafts: readonly Draft[]): Rows {
  const chunks = fillChunks(context);
  const messages = drafts.map((draft): NewMessage => {
    const { message, account } = draft;
    if (draft.skip !== null) return skippedRow(context, draft, draft.skip, SINGLE);
    const base = { message, priority: SINGLE, event: null, chunk: null };
    if (message.sendAt !== null) return { ...base, work: 'scheduled', dueAt: message.sendAt };
    const chunk = account.paused === null ? chunks.chunkOf(draft) : null;
    return { ...base, work: 'queued', dueAt: message.createdAt, chunk };
  });
  const tenant = drafts[0]?.message.tenant ?? '';
  const jobs = chunks.filled().map(
    (chunk): JobRecord => ({
      id: newId(context.clock),
      kind: 'messages',
      tenant,
      ...chunk,
      priority: SINGLE,
    }),
  );
  return { messages, jobs };
}

/**
 * As `buildRows`, for a page of a broadcast: every message that will leave is in a chunk, which nobody works yet. `begun` are
 * those that the page before left open.
 */
export function buildListRows(
  context: Context,
  drafts: readonly Draft[],
  begun: readonly OpenChunk[],
): ListRows {
  const chunks = fillChunks(context, begun);
  const messages = drafts.map((draft): NewMessage => {
    const { message } = draft;
    if (draft.skip !== null) return skippedRow(context, draft, draft.skip, BULK);
    return {
      message,
      work: message.sendAt === null ? 'queued' : 'scheduled',
      dueAt: message.sendAt ?? message.createdAt,
      chunk: chunks.chunkOf(draft),
      priority: BULK,
      event: null,
    };
  });
  return { messages, chunks: chunks.filled(), open: chunks.open() };
}

function skippedRow(
  { clock }: Context,
  { message, problem }: Draft,
  reason: SkipReason,
  priority: number,
): NewMessage {
  const event: EventRecord = {
    id: newId(clock),
    tenant: message.tenant,
    messageId: message.id,
    type: 'skipped',
    attempt: 0,
    occurredAt: message.createdAt,
    recordedAt: message.createdAt,
    reason,
    failure: null,
    detail: problem === null ? {} : { code: problem.code, path: problem.path ?? null },
  };
  return { message, work: 'done', dueAt: null, chunk: null, priority, event };
}
