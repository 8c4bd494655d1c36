import type { Context } from '../context.ts';
import type { InputError } from '../errors.ts';
import { newId } from '../ids.ts';
import type { BroadcastChunk, EventRecord, JobRecord, MessageRecord, NewMessage } from '../ports/index.ts';
import type { Filled } from './compose-message.ts';
import type { SkipReason } from './skip-reason.ts';

/** The most messages that one job carries. */
const CHUNK_SIZE = 250;
/** Priorities: messages of broadcasts come after single ones. */
const SINGLE = 0;
const BULK = 10;

/** A composed message, before it is decided how it waits. */
export interface Draft {
  readonly message: MessageRecord;
  /** What it says, with the values that the record holds sealed. */
  readonly filled: Filled;
  readonly skip: SkipReason | null;
  /** Why it is skipped as `invalid_data`. */
  readonly problem: InputError | null;
  /** Its account is paused, so nobody is to work it before the due-scan finds the account working again. */
  readonly paused: boolean;
}

/** What one send writes beside its content. */
export interface Rows {
  readonly messages: readonly NewMessage[];
  readonly jobs: readonly JobRecord[];
}

/** A page of a broadcast's list: its chunks become jobs when the list is complete and their turn has come. */
export interface ListRows {
  readonly messages: readonly NewMessage[];
  readonly chunks: readonly BroadcastChunk[];
}

/**
 * Decides how each message waits: skipped ones are done; those with a time to come, or with a paused account, wait for
 * the due-scan; the others go to the queue at once, a job per account and at most 250 messages.
 */
export function buildRows(context: Context, drafts: readonly Draft[]): Rows {
  const { chunks, chunkOf } = startChunks(context);
  const messages = drafts.map((draft): NewMessage => {
    const { message, paused } = draft;
    if (draft.skip !== null) return skippedRow(context, draft, draft.skip, SINGLE);
    const base = { message, priority: SINGLE, event: null, chunk: null };
    if (message.sendAt !== null) return { ...base, work: 'scheduled', dueAt: message.sendAt };
    return { ...base, work: 'queued', dueAt: message.createdAt, chunk: paused ? null : chunkOf(message) };
  });
  const jobs = chunks.map(
    (chunk): JobRecord => ({
      id: newId(context.clock),
      kind: 'messages',
      tenant: chunk.tenant,
      account: chunk.account,
      accountTenant: chunk.accountTenant,
      chunk: chunk.chunk,
      priority: SINGLE,
    }),
  );
  return { messages, jobs };
}

/** As `buildRows`, for a broadcast: every message that will leave is in a chunk, which nobody works yet. */
export function buildListRows(context: Context, drafts: readonly Draft[]): ListRows {
  const { chunks, chunkOf } = startChunks(context);
  const messages = drafts.map((draft): NewMessage => {
    const { message } = draft;
    if (draft.skip !== null) return skippedRow(context, draft, draft.skip, BULK);
    return {
      message,
      work: message.sendAt === null ? 'queued' : 'scheduled',
      dueAt: message.sendAt ?? message.createdAt,
      chunk: chunkOf(message),
      priority: BULK,
      event: null,
    };
  });
  return { messages, chunks };
}

type Chunk = BroadcastChunk & Pick<JobRecord, 'tenant'>;

/** Fills a chunk per account, and the next one when it is full. */
function startChunks({ clock }: Context) {
  const chunks: Chunk[] = [];
  const open = new Map<string, { readonly chunk: Chunk; size: number }>();
  const chunkOf = ({ tenant, account, accountTenant }: MessageRecord): string => {
    const name = JSON.stringify([accountTenant, account]);
    let filling = open.get(name);
    if (filling === undefined || filling.size === CHUNK_SIZE) {
      filling = { chunk: { chunk: newId(clock), tenant, account, accountTenant }, size: 0 };
      open.set(name, filling);
      chunks.push(filling.chunk);
    }
    filling.size += 1;
    return filling.chunk.chunk;
  };
  return { chunks, chunkOf };
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
