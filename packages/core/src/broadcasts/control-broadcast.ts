import type { Context, Scope } from '../context.ts';
import { scanDue } from '../delivery/index.ts';
import type { BroadcastRecord, BroadcastState } from '../ports/index.ts';
import { findBroadcast, isFinished, wrongState } from './find-broadcast.ts';
import { broadcastJob } from './start-broadcast.ts';

const UNDER_WAY: readonly BroadcastState[] = ['listing', 'sending'];

/** Nothing more is begun. Pausing what is paused changes nothing. */
export function pauseBroadcast(context: Context, scope: Scope, id: string): Promise<BroadcastRecord> {
  return setPause(context, scope, id, true);
}

/** What was paused goes on. */
export function resumeBroadcast(context: Context, scope: Scope, id: string): Promise<BroadcastRecord> {
  return setPause(context, scope, id, false);
}

async function setPause(
  context: Context,
  scope: Scope,
  id: string,
  paused: boolean,
): Promise<BroadcastRecord> {
  const opened = await context.open();
  const now = context.clock.now();
  const record = await findBroadcast(opened, scope, id);
  const finished = await isFinished(opened, record);
  if (!finished && UNDER_WAY.includes(record.state) && (record.pausedAt !== null) === paused) return record;
  const pausedAt = paused ? now : null;
  const { broadcasts } = opened.store;
  const changed = !finished && (await broadcasts.change(scope.tenant, id, UNDER_WAY, { pausedAt }, []));
  const after = await findBroadcast(opened, scope, id);
  if (!changed) {
    const advice = 'Only one that was started, and not ended, can be.';
    throw wrongState(after.id, finished ? 'finished' : after.state, paused ? 'paused' : 'resumed', advice);
  }
  context.live.touch(scope.tenant, id);
  if (!paused) await scanDue(context, opened);
  return after;
}

/** Nothing more is begun, for good. What is still written down as waiting is ended by a job; what is over stays as it is. */
export async function cancelBroadcast(context: Context, scope: Scope, id: string): Promise<BroadcastRecord> {
  const opened = await context.open();
  const now = context.clock.now();
  const record = await findBroadcast(opened, scope, id);
  if (await isFinished(opened, record)) return record;
  const change = { state: 'canceled', endedAt: now } as const;
  const changed = await opened.store.broadcasts.change(
    scope.tenant,
    id,
    ['planned', 'listing', 'sending'],
    change,
    [broadcastJob(context, record)],
  );
  if (changed) {
    opened.queue.wake();
    context.live.touch(scope.tenant, id);
  }
  return findBroadcast(opened, scope, id);
}
