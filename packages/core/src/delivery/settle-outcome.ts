import { newId } from '../ids.ts';
import type {
  Clock,
  EventRecord,
  Failure,
  JsonObject,
  MessageRecord,
  Outcome,
  RefusedOutcome,
  Transition,
} from '../ports/index.ts';
import { retryDelay } from './retry-table.ts';

/** A hand-over that has come back. */
interface Attempted {
  readonly message: MessageRecord;
  readonly attempt: number;
  /** The lease token under which it began. */
  readonly token: string;
}

/** What an outcome does to a message. */
export interface Settlement {
  /** For one transaction, in order: the first whose condition holds changes what the next one compares. */
  readonly transitions: readonly Transition[];
  /**
   * Where none of them applied: our lease was lost, and the row is in doubt though we know that nothing was sent. It goes
   * back to waiting, or ends if it was canceled; unless somebody has decided meanwhile.
   */
  readonly late: { readonly retry: Transition; readonly cancel: Transition } | null;
  /** Set where the account's credentials are wrong: nothing more may leave by it. */
  readonly pause: Failure | null;
}

interface SettleOptions {
  readonly clock: Clock;
  /** We ended the hand-over ourselves (a stop): what was not sent does not count as tried. */
  readonly recalled: boolean;
  readonly random?: () => number;
}

/**
 * From a transport's word to work and events (DESIGN rules 1 and 5): accepted, unknown and refusals for good end the work;
 * what may pass waits for its next attempt; wrong credentials and a stop spend none.
 */
export function settleOutcome(attempted: Attempted, outcome: Outcome, options: SettleOptions): Settlement {
  switch (outcome.status) {
    case 'accepted':
      return ended(attempted, options, 'accepted', {
        detail: {
          ...(outcome.providerId === undefined ? {} : { providerId: outcome.providerId }),
          ...(outcome.reply === undefined ? {} : { reply: { ...outcome.reply } }),
        },
      });
    case 'unknown':
      return ended(attempted, options, 'unknown', { failure: outcome.failure });
    case 'refused':
      return settleRefusal(attempted, outcome, options);
  }
}

function settleRefusal(attempted: Attempted, outcome: RefusedOutcome, options: SettleOptions): Settlement {
  const { failure, retryable, retryAfterMs } = outcome;
  const now = options.clock.now();
  if (failure.category === 'credentials') {
    return { ...countedBack(attempted, options, 'credentials', failure), pause: failure };
  }
  if (!retryable) {
    return ended(attempted, options, failure.bounceClass === undefined ? 'rejected' : 'bounced', { failure });
  }
  if (options.recalled && failure.reply?.code === undefined) {
    return countedBack(attempted, options, 'stopped', failure);
  }
  const delayMs = retryDelay(failure, attempted.attempt, { retryAfterMs, ...pickRandom(options) });
  if (delayMs === null) return ended(attempted, options, 'failed', { failure });
  const dueAt = now + delayMs;
  if (isPast(attempted.message, dueAt)) return ended(attempted, options, 'expired', { failure });
  return waiting(attempted, options, dueAt, failure);
}

/** The end of the work, whatever has happened to the lease: a fact stays one. */
function ended(
  attempted: Attempted,
  { clock }: SettleOptions,
  type: EventRecord['type'],
  { failure = null, detail = {} }: { failure?: Failure | null; detail?: JsonObject },
): Settlement {
  const transition: Transition = {
    event: event(attempted, clock, type, { failure, detail }),
    when: ours(attempted),
    work: { work: 'done', dueAt: null },
    otherwise: 'record',
  };
  return { transitions: [transition], late: null, pause: null };
}

/** Another attempt at `dueAt`. */
function waiting(attempted: Attempted, options: SettleOptions, dueAt: number, failure: Failure): Settlement {
  const deferred = event(attempted, options.clock, 'deferred', { failure });
  return again(attempted, options, { event: deferred, dueAt }, { event: deferred, dueAt }, failure);
}

/** As if this attempt had not begun: it never reached anybody, through no doing of the message. */
function countedBack(
  attempted: Attempted,
  options: SettleOptions,
  reason: 'credentials' | 'stopped',
  failure: Failure,
): Settlement {
  const { clock } = options;
  const dueAt = clock.now();
  const attempt = attempted.attempt - 1;
  const requeued = event({ ...attempted, attempt }, clock, 'requeued', { reason, failure });
  const deferred = event(attempted, clock, 'deferred', { reason, failure });
  return again(attempted, options, { event: requeued, dueAt, attempt }, { event: deferred, dueAt }, failure);
}

interface Retry {
  readonly event: EventRecord;
  readonly dueAt: number;
  readonly attempt?: number;
}

function again(
  attempted: Attempted,
  { clock }: SettleOptions,
  { event: why, ...work }: Retry,
  { event: lateWhy, ...lateWork }: Retry,
  failure: Failure,
): Settlement {
  return {
    transitions: [
      canceledMeanwhile(
        { ...attempted, attempt: why.attempt },
        { ...ours(attempted), outcome: ['canceled'] },
        clock,
        failure,
      ),
      { event: why, when: ours(attempted), work: { work: 'queued', ...work }, otherwise: 'drop' },
    ],
    late: {
      retry: {
        event: lateWhy,
        when: inDoubt(attempted),
        work: { work: 'queued', ...lateWork },
        otherwise: 'record',
      },
      cancel: canceledMeanwhile(attempted, inDoubt(attempted), clock, failure),
    },
    pause: null,
  };
}

/** `cancel` came while it was being sent: it said "too late" and left a `canceled` of the attempt before. */
function canceledMeanwhile(
  spent: Attempted,
  when: Transition['when'],
  clock: Clock,
  failure: Failure,
): Transition {
  return {
    event: event(spent, clock, 'canceled', { reason: 'too_late', failure }),
    when,
    work: { work: 'done', dueAt: null, attempt: spent.attempt },
    otherwise: 'drop',
  };
}

function ours({ token, attempt }: Attempted): Transition['when'] {
  return { work: ['sending'], token, attempt };
}

function inDoubt({ attempt }: Attempted): Transition['when'] {
  return { work: ['done'], outcome: ['unknown'], attempt };
}

function event(
  { message, attempt }: Attempted,
  clock: Clock,
  type: EventRecord['type'],
  { reason = null, failure = null, detail = {} }: Partial<Pick<EventRecord, 'reason' | 'failure' | 'detail'>>,
): EventRecord {
  const now = clock.now();
  const { tenant, id: messageId } = message;
  return {
    id: newId(clock),
    tenant,
    messageId,
    type,
    attempt,
    occurredAt: now,
    recordedAt: now,
    reason,
    failure,
    detail,
  };
}

function isPast({ expiresAt }: MessageRecord, at: number): boolean {
  return expiresAt !== null && at >= expiresAt;
}

function pickRandom({ random }: SettleOptions): { random?: () => number } {
  return random === undefined ? {} : { random };
}
