import type { BroadcastChange, BroadcastState } from '@posthorn/core';
import { jsonText } from '../json-text.ts';
import { first, type Program, run, statement } from '../program.ts';
import { isChunkWaiting } from './chunk-row.ts';

/** In these its chunks may still leave. */
const ON_ITS_WAY: ReadonlySet<BroadcastState> = new Set(['listing', 'sending']);
/** In these its list is still to be made, for which the call's data is kept. */
const TO_BE_LISTED: ReadonlySet<BroadcastState> = new Set(['planned', 'listing']);

type Place = { tenant: string; id: string };

const dropWaiting = statement((db, p: Place) =>
  db
    .deleteFrom('posthorn_chunks')
    .where('tenant', '=', p.tenant)
    .where('broadcast', '=', p.id)
    .where(isChunkWaiting),
);

/**
 * Compare and set: nothing where it is in none of `states`. What a pause held is found by the due-scan; what is queued
 * already is turned away by its lease.
 */
export function* changeBroadcast(
  tenant: string,
  id: string,
  states: readonly BroadcastState[],
  change: BroadcastChange,
): Program<boolean> {
  const changed = yield* first(update(change), { tenant, id, states: JSON.stringify(states) });
  if (changed === undefined) return false;
  if (change.state !== undefined && !ON_ITS_WAY.has(change.state)) yield* run(dropWaiting, { tenant, id });
  return true;
}

function update(change: BroadcastChange) {
  const { state, failure } = change;
  return statement((db, p: Place & { states: string }, dialect) =>
    db
      .updateTable('posthorn_broadcasts')
      // What is undefined stays; a state is always set, as a statement must set something.
      .set((it) => ({
        state: state ?? it.ref('state'),
        paused_at: change.pausedAt,
        start_at: change.startAt,
        max_cost: change.maxCost,
        failure: failure === undefined ? undefined : jsonText(failure),
        started_at: change.startedAt,
        listed_at: change.listedAt,
        ended_at: change.endedAt,
        sealed_data: state === undefined || TO_BE_LISTED.has(state) ? undefined : null,
      }))
      .where('tenant', '=', p.tenant)
      .where('id', '=', p.id)
      .where('state', 'in', dialect.each(p.states))
      .returning('id'),
  );
}
