import type { BroadcastCounts, BroadcastRecord } from '../ports/index.ts';
import type { Broadcast, BroadcastStatus, BroadcastStatusCounts } from './broadcast.ts';

/** Statuses of messages that still are to be sent, or tried again. */
const OPEN = ['scheduled', 'queued', 'sending', 'deferred'] as const;

/** Messages that still are to be sent, or tried again. */
export function openOf(counts: BroadcastCounts): number {
  return OPEN.reduce((sum, status) => sum + (counts[status] ?? 0), 0);
}

/** As people see them: whoever goes on trying, the message is deferred. */
export function shownCounts({ postponed = 0, ...counts }: BroadcastCounts): BroadcastStatusCounts {
  return postponed === 0 ? counts : { ...counts, deferred: (counts.deferred ?? 0) + postponed };
}

export function totalOf(counts: BroadcastCounts): number {
  return Object.values(counts).reduce((sum, count) => sum + count, 0);
}

/** Where it stands, as people see it: what is stored, and what follows from its messages and the time. */
export function statusOf(record: BroadcastRecord, counts: BroadcastCounts, now: number): BroadcastStatus {
  const { state, pausedAt, startAt } = record;
  if (state !== 'listing' && state !== 'sending') return state;
  if (state === 'sending' && openOf(counts) === 0) return 'finished';
  if (pausedAt !== null) return 'paused';
  if (state === 'sending' && startAt !== null && startAt > now) return 'scheduled';
  return state;
}

export function failureOf({ failure }: BroadcastRecord): Broadcast['failure'] {
  return failure && { code: String(failure.code), message: String(failure.message) };
}
