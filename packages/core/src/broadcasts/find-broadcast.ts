import type { Opened, Scope } from '../context.ts';
import { quoted } from '../did-you-mean.ts';
import { ConflictError, NotFoundError } from '../errors.ts';
import type { BroadcastRecord } from '../ports/index.ts';
import type { BroadcastStatus } from './broadcast.ts';
import { openOf } from './broadcast-status.ts';

/** @throws NotFoundError `unknown_broadcast`, also for another tenant's. */
export async function findBroadcast(
  { store }: Pick<Opened, 'store'>,
  { tenant }: Scope,
  id: string,
): Promise<BroadcastRecord> {
  const record = await store.broadcasts.get(tenant, id);
  if (record !== undefined) return record;
  throw new NotFoundError('unknown_broadcast', `There is no broadcast ${quoted(id)}.`, {
    path: 'id',
    advice: '`plan` answers the id; `broadcasts.list` shows them all.',
  });
}

/** Whether its list is complete and every message has its outcome. */
export async function isFinished(
  { store }: Pick<Opened, 'store'>,
  { tenant, id, state }: BroadcastRecord,
): Promise<boolean> {
  return state === 'sending' && openOf(await store.broadcasts.counts(tenant, id)) === 0;
}

/** The error for what its state does not allow. */
export function wrongState(id: string, status: BroadcastStatus, what: string, advice: string): ConflictError {
  const message = `The broadcast ${id} is ${status}, so it cannot be ${what}.`;
  return new ConflictError('broadcast_state', message, { path: 'id', advice });
}
