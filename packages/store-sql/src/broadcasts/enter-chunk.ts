import type { JobRecord } from '@posthorn/core';
import { closedUntil } from '../limits/rooms.ts';
import { broadcastName, share } from '../locks.ts';
import { first, type Program, run, statement } from '../program.ts';

const placeOf = statement((db, p: { chunk: string }) =>
  db.selectFrom('posthorn_chunks').select(['tenant', 'broadcast']).where('chunk', '=', p.chunk),
);

/** A chunk whose job has come, and all that may keep it from being worked. */
const arrived = statement((db, p: { chunk: string }) =>
  db
    .selectFrom('posthorn_chunks as c')
    .leftJoin('posthorn_broadcasts as b', (on) =>
      on.onRef('b.tenant', '=', 'c.tenant').onRef('b.id', '=', 'c.broadcast'),
    )
    .leftJoin('posthorn_accounts as a', (on) =>
      on.onRef('a.tenant', '=', 'c.account_tenant').onRef('a.key', '=', 'c.account'),
    )
    .leftJoin('posthorn_limits as l', (on) =>
      on.onRef('l.account_tenant', '=', 'c.account_tenant').onRef('l.account', '=', 'c.account'),
    )
    .select(['c.job', 'b.state', 'b.paused_at', 'b.start_at', 'a.pause', 'l.closed_at', 'l.opens_at'])
    .where('c.chunk', '=', p.chunk),
);

const remove = statement((db, p: { chunk: string }) =>
  db.deleteFrom('posthorn_chunks').where('chunk', '=', p.chunk),
);

const waitAgain = statement((db, p: { chunk: string }) =>
  db.updateTable('posthorn_chunks').set({ job: null }).where('chunk', '=', p.chunk),
);

/**
 * Whether a job may work its chunk. A broadcast's chunk is one like any other from then on; while the broadcast or its
 * account is held up it goes back to wait, whole, and of a broadcast that has ended it is forgotten.
 */
export function* enterChunk({ id, chunk }: Pick<JobRecord, 'id' | 'chunk'>, now: number): Program<boolean> {
  const place = yield* first(placeOf, { chunk });
  // Not a broadcast's, or entered before.
  if (place === undefined) return true;
  // From here on it neither ends nor goes on: a chunk of one that has ended must not be left waiting.
  yield* share(broadcastName(place.tenant, place.broadcast));
  const found = yield* first(arrived, { chunk });
  if (found === undefined) return true;
  // A worker that was away too long: the chunk waits again, or has another job.
  if (found.job !== id) return false;
  const { state, paused_at, start_at, pause } = found;
  const isOnItsWay = state === 'sending' || state === 'listing';
  const isHeldUp =
    state === 'listing' ||
    paused_at !== null ||
    pause !== null ||
    Math.max(start_at ?? now, closedUntil(found, now) ?? now) > now;
  if (isOnItsWay && isHeldUp) {
    yield* run(waitAgain, { chunk });
    return false;
  }
  yield* run(remove, { chunk });
  return isOnItsWay;
}
