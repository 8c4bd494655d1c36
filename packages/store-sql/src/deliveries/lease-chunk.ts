import type { JobRecord, Leased, StoredMessage, Transition } from '@posthorn/core';
import { enterChunk } from '../broadcasts/enter-chunk.ts';
import { StatusCounts } from '../broadcasts/status-counts.ts';
import { lockChunk } from '../locks.ts';
import { storedMessageOf, storedMessages } from '../messages/stored-message.ts';
import { all, type Program, run, statement } from '../program.ts';
import type { QueuePrograms } from '../runner.ts';
import { isWaiting } from './delivery-row.ts';
import { statusOf } from './delivery-status.ts';
import { entryOf, Ledger } from './ledger.ts';

const ofChunk = statement((db, p: { chunk: string }) =>
  storedMessages(db)
    .select(['d.lease_token', 'd.sealed'])
    .where('d.chunk', '=', p.chunk)
    .orderBy('d.message_id'),
);

const putToken = statement((db, p: { chunk: string; token: string }) =>
  db
    .updateTable('posthorn_deliveries')
    .set({ lease_token: p.token, work: 'queued' })
    .where('chunk', '=', p.chunk)
    .where('work', 'in', ['queued', 'scheduled']),
);

const NOTHING: Leased = { rows: [], lost: [] };

export function* leaseChunk(
  job: JobRecord,
  token: string,
  now: number,
  newEventId: () => string,
  queue: Pick<QueuePrograms, 'isTaken' | 'drop'>,
): Program<Leased> {
  // A worker that was away too long must not take the rows back from the one that has the job now.
  if (yield* queue.isTaken(job.id, token)) return NOTHING;
  const { chunk } = job;
  yield* lockChunk(chunk);
  const rows = yield* all(ofChunk, { chunk });
  // Of a single message there is nothing more to ask.
  const mayEnter = rows[0]?.broadcast === null || (yield* enterChunk(job, now));
  if (!mayEnter) {
    // The job goes with this transaction: the chunk's next one must not meet it.
    yield* queue.drop(job.id);
    return NOTHING;
  }
  yield* run(putToken, { chunk, token });
  const waiting = rows.filter((row) => isWaiting(row.work)).map(storedMessageOf);
  const counts = new StatusCounts();
  for (const row of waiting) countQueued(row, counts);

  const lost = rows.filter((row) => row.work === 'sending' && row.lease_token !== token);
  const ledger = new Ledger(lost.map(entryOf), counts);
  const results = lost.map((row) => ledger.apply(doubtful(storedMessageOf(row), now, newEventId())));
  yield* ledger.write();
  yield* counts.write();
  const queued = waiting.map(({ message, delivery }) => ({
    message,
    delivery: { ...delivery, work: 'queued' } as const,
  }));
  return { rows: queued, lost: results };
}

/** What was `scheduled` is `queued` from now on. */
function countQueued({ message, delivery }: StoredMessage, counts: StatusCounts): void {
  const outcome = delivery.outcome?.name ?? null;
  counts.move(message, statusOf(delivery.work, outcome), statusOf('queued', outcome));
}

/** The worker that began it is gone, and nobody knows how far it came. */
function doubtful({ message, delivery }: StoredMessage, now: number, eventId: string): Transition {
  return {
    event: {
      id: eventId,
      tenant: message.tenant,
      messageId: message.id,
      type: 'unknown',
      attempt: delivery.attempt,
      occurredAt: now,
      recordedAt: now,
      reason: 'lease_lost',
      failure: null,
      detail: {},
    },
    when: { work: ['sending'] },
    work: { work: 'done', dueAt: null },
    otherwise: 'drop',
  };
}
