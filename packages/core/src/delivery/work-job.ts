import type { Context, Opened } from '../context.ts';
import { publishTransition } from '../events/index.ts';
import { newId } from '../ids.ts';
import type { JobHandler, JobRecord, Leased } from '../ports/index.ts';
import { Claim } from './claim.ts';
import type { Lane } from './lane.ts';

interface Work {
  readonly context: Context;
  readonly opened: Opened;
  /** The lane of the job's account. */
  readonly laneOf: (job: JobRecord) => Lane;
}

/** What is done with a job, by its kind. */
export function createJobHandler({ broadcasts, ...work }: Work & { broadcasts: JobHandler }): JobHandler {
  const handlers = { messages: createMessagesHandler(work), broadcast: broadcasts };
  return (job, lease) => handlers[job.kind](job, lease);
}

/**
 * Its rows are leased, leave by their account's lane, and what did not leave is put back. It resolves when nothing of the
 * job is left to do under this lease.
 */
function createMessagesHandler({ context, opened, laneOf }: Work): JobHandler {
  const { deliveries } = opened.store;
  const { clock } = context;
  return async (job, { token, signal }) => {
    const leased = await deliveries.lease(job, token, clock.now(), () => newId(clock));
    await publishLost(context, opened, job, leased.lost);
    if (leased.rows.length === 0) return;
    const claim = new Claim(job, token, signal, leased.rows);
    await laneOf(job).work(claim);
    const { waitUntil, error } = await claim.ended;
    if (waitUntil !== null) await deliveries.putBack(job, token, waitUntil);
    if (error !== null) throw error;
  };
}

async function publishLost(
  context: Context,
  opened: Opened,
  job: JobRecord,
  lost: Leased['lost'],
): Promise<void> {
  if (lost.length === 0) return;
  const results = new Map(lost.map((result) => [result.messageId, result]));
  for (const stored of await opened.store.messages.get(job.tenant, [...results.keys()])) {
    const result = results.get(stored.message.id);
    if (result !== undefined) publishTransition(context, stored, result);
  }
}
