import type { DueScan, JobRecord } from '@posthorn/core';
import { feedChunks } from '../broadcasts/feed-chunks.ts';
import { hasReleasable, releaseHeld } from '../broadcasts/release-held.ts';
import { StatusCounts } from '../broadcasts/status-counts.ts';
import { type WaitingChunks, waitingChunks } from '../broadcasts/waiting-chunks.ts';
import type { PushJobs } from '../jobs/push-jobs.ts';
import { closedUntil, Rooms } from '../limits/rooms.ts';
import { lock } from '../locks.ts';
import type { Program } from '../program.ts';
import { queueRows } from './queue-rows.ts';
import { type WaitingAccount, waitingAccounts } from './waiting-accounts.ts';

/** The most rows one scan queues, so that no transaction is held long; the next scan finds what is left still due. */
const MAX_ROWS = 2_000;
/** When an account is asked again that has been given as many rows as its limits have room for. */
const ROOM_FILLED_MS = 1_000;

/** When something can be queued next: a row or a chunk of an account that is not paused. Reads only. */
export function* nextDueAt(now: number, rooms = new Rooms()): Program<number | null> {
  if (yield* hasReleasable()) return now;
  const waiting: readonly (WaitingAccount | WaitingChunks)[] = [
    ...(yield* waitingAccounts()),
    ...(yield* waitingChunks()),
  ];
  if (waiting.length === 0) return null;
  const filledUntil = now + ROOM_FILLED_MS;
  const times = waiting.map((it) => {
    const time = timeOf(it, now);
    return rooms.of(it) > 0 ? time : Math.max(time, filledUntil);
  });
  return Math.min(...times);
}

/** Rows first, singles before others, then the chunks of broadcasts. */
export function* queueDue(
  now: number,
  chunkSize: number,
  newId: () => string,
  pushJobs: PushJobs,
): Program<DueScan> {
  yield* lock('due-scan');
  yield* releaseHeld(now, MAX_ROWS);
  const counts = new StatusCounts();
  const rooms = new Rooms();
  const jobs: JobRecord[] = [];
  let queued = 0;
  const due = (yield* waitingAccounts()).filter((it) => timeOf(it, now) <= now);
  // Each account gets a share, so that a great one does not keep the others waiting.
  const share = Math.max(1, Math.floor(MAX_ROWS / Math.max(1, due.length)));
  for (const account of due) {
    if (queued >= MAX_ROWS) break;
    const limit = Math.min(share, rooms.of(account));
    if (limit === 0) continue;
    const made = yield* queueRows(account, { now, limit, chunkSize, newId, counts });
    rooms.take(account, made.rows);
    jobs.push(...made.jobs);
    queued += made.rows;
  }
  const chunks = (yield* waitingChunks()).filter((it) => timeOf(it, now) <= now);
  const fed = yield* feedChunks(chunks, rooms, newId);
  jobs.push(...fed.jobs);
  queued += fed.rows;
  yield* pushJobs(jobs);
  const next = yield* nextDueAt(now, rooms);
  yield* counts.write();
  return { queued, nextDueAt: next };
}

/** When the limits of its account let it leave, too. */
function timeOf(waiting: WaitingAccount | WaitingChunks, now: number): number {
  return Math.max(waiting.due_at, closedUntil(waiting, now) ?? waiting.due_at);
}
