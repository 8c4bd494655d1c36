import type { JobRecord, Leased, StoredMessage, Transition } from '@posthorn/core';
import type { IsTaken } from '../jobs/keep-lease.ts';
import { storedMessageOf, storedMessages } from '../messages/stored-message.ts';
import { all, type Program, run, statement } from '../program.ts';
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
    .set({ lease_token: p.token })
    .where('chunk', '=', p.chunk)
    .where('work', '=', 'queued'),
);

export function* leaseChunk(
  { id, chunk }: JobRecord,
  token: string,
  now: number,
  newEventId: () => string,
  isTaken: IsTaken,
): Program<Leased> {
  // A worker that was away too long must not take the rows back from the one that has the job now.
  if (yield* isTaken(id, token)) return { rows: [], lost: [] };
  const rows = yield* all(ofChunk, { chunk });
  yield* run(putToken, { chunk, token });

  const lost = rows.filter((row) => row.work === 'sending' && row.lease_token !== token);
  const ledger = new Ledger(lost.map(entryOf));
  const results = lost.map((row) => ledger.apply(doubtful(storedMessageOf(row), now, newEventId())));
  yield* ledger.write();
  return { rows: rows.filter((row) => row.work === 'queued').map(storedMessageOf), lost: results };
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
