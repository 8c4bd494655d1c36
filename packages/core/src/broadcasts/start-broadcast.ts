import { z } from 'zod';
import { checkInput } from '../check-input.ts';
import type { Context, Scope } from '../context.ts';
import { workerOf } from '../delivery/index.ts';
import { ConflictError } from '../errors.ts';
import { newId } from '../ids.ts';
import { checkTimeLeft } from '../messages/index.ts';
import type { BroadcastRecord, JobRecord } from '../ports/index.ts';
import { readInstant } from '../zoned-time.ts';
import type { StartOptions } from './broadcast.ts';
import { isDecimal } from './decimal.ts';
import { findBroadcast, wrongState } from './find-broadcast.ts';
import { checkMaxCost } from './max-cost.ts';
import { inputOf } from './stored-input.ts';

const optionsSchema = z.strictObject({
  at: z.union([z.date(), z.string()], 'must be a Date or ISO 8601 text').optional(),
  maxCost: z.string().refine(isDecimal, 'must be an amount such as "250.00"').optional(),
});

/** What a start asks for. */
type Wish = Pick<BroadcastRecord, 'startAt' | 'maxCost'>;

/** Has the list made, once, however often and from wherever it is started. */
export async function startBroadcast(
  context: Context,
  scope: Scope,
  id: string,
  options: StartOptions = {},
): Promise<BroadcastRecord> {
  const { at, maxCost = null } = checkInput(optionsSchema, options, 'start of a broadcast');
  const now = context.clock.now();
  const wish: Wish = { startAt: at === undefined ? null : readInstant(at, scope.timeZone, 'at'), maxCost };
  const opened = await context.open();
  const planned = await findBroadcast(opened, scope, id);
  if (planned.state !== 'planned') return startedAlready(planned, wish);

  checkMaxCost(planned, maxCost);
  checkTimeLeft({ sendAt: wish.startAt, expiresAt: inputOf(planned).send.expiresAt }, now);
  const change = { state: 'listing', startedAt: now, ...wish } as const;
  const started = await opened.store.broadcasts.change(scope.tenant, id, ['planned'], change, [
    broadcastJob(context, planned),
  ]);
  if (started) {
    opened.queue.wake();
    context.live.touch(scope.tenant, id);
    workerOf(context).noteStarted(scope.tenant, id);
  }
  const record = await findBroadcast(opened, scope, id);
  return started ? record : startedAlready(record, wish);
}

/** The job that brings a broadcast forward: makes its list, or ends what it still holds. */
export function broadcastJob({ clock }: Context, { tenant, id }: BroadcastRecord): JobRecord {
  return {
    id: newId(clock),
    kind: 'broadcast',
    tenant,
    account: '$broadcasts',
    accountTenant: tenant,
    chunk: id,
    priority: 0,
  };
}

function startedAlready(record: BroadcastRecord, { startAt, maxCost }: Wish): BroadcastRecord {
  if (record.state === 'canceled') throw wrongState(record.id, record.state, 'started', 'Make a new plan.');
  if (record.startAt === startAt && record.maxCost === maxCost) return record;
  throw new ConflictError('broadcast_state', `The broadcast ${record.id} was started with other options.`, {
    path: 'id',
    advice: 'Cancel it and make a new plan.',
  });
}
