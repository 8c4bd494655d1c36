import type { Context } from '../context.ts';
import { newId } from '../ids.ts';
import type { EventRecord, JobRecord, MessageRecord, NewMessage } from '../ports/index.ts';
import type { SkipReason } from './skip-reason.ts';

/** The most messages that one job carries. */
const CHUNK_SIZE = 100;
/** Broadcasts come after single sends. */
const PRIORITY = 0;

/** A composed message, before it is decided how it waits. */
export interface Draft {
  readonly message: MessageRecord;
  readonly skip: SkipReason | null;
  /** Its account is paused, so nobody is to work it before the due-scan finds the account working again. */
  readonly paused: boolean;
}

/** What one send writes beside its content. */
export interface Rows {
  readonly messages: readonly NewMessage[];
  readonly jobs: readonly JobRecord[];
}

/**
 * Decides how each message waits: skipped ones are done; those with a time to come, or with a paused account, wait for
 * the due-scan; the others go to the queue at once, a job per account and at most 100 messages.
 */
export function buildRows(context: Context, drafts: readonly Draft[]): Rows {
  const jobs: JobRecord[] = [];
  const open = new Map<string, { readonly job: JobRecord; size: number }>();
  const chunkOf = (message: MessageRecord): string => {
    const account = JSON.stringify([message.accountTenant, message.account]);
    let filling = open.get(account);
    if (filling === undefined || filling.size === CHUNK_SIZE) {
      filling = { job: jobOf(context, message), size: 0 };
      open.set(account, filling);
      jobs.push(filling.job);
    }
    filling.size += 1;
    return filling.job.chunk;
  };
  const messages = drafts.map((draft): NewMessage => {
    const { message, skip, paused } = draft;
    const base = { message, priority: PRIORITY, event: null, chunk: null };
    if (skip !== null)
      return { ...base, work: 'done', dueAt: null, event: skippedEvent(context, message, skip) };
    if (message.sendAt !== null) return { ...base, work: 'scheduled', dueAt: message.sendAt };
    return { ...base, work: 'queued', dueAt: message.createdAt, chunk: paused ? null : chunkOf(message) };
  });
  return { messages, jobs };
}

function jobOf({ clock }: Context, { tenant, account, accountTenant }: MessageRecord): JobRecord {
  return { id: newId(clock), tenant, account, accountTenant, chunk: newId(clock), priority: PRIORITY };
}

function skippedEvent({ clock }: Context, message: MessageRecord, reason: SkipReason): EventRecord {
  return {
    id: newId(clock),
    tenant: message.tenant,
    messageId: message.id,
    type: 'skipped',
    attempt: 0,
    occurredAt: message.createdAt,
    recordedAt: message.createdAt,
    reason,
    failure: null,
    detail: {},
  };
}
