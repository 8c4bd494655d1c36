import type { Context } from '../context.ts';
import type { BroadcastCounts, BroadcastRecord } from '../ports/index.ts';
import type { Broadcast, BroadcastPlan } from './broadcast.ts';
import { failureOf, shownCounts, statusOf } from './broadcast-status.ts';
import { watchProgress } from './watch-progress.ts';

/** A row as people see it. */
export function viewBroadcast(context: Context, record: BroadcastRecord, counts: BroadcastCounts): Broadcast {
  const { id, label, template, startAt, createdAt, startedAt } = record;
  return {
    id,
    label,
    status: statusOf(record, counts, context.clock.now()),
    template,
    plan: planOf(record),
    counts: shownCounts(counts),
    failure: failureOf(record),
    startAt: dateOf(startAt),
    createdAt: new Date(createdAt),
    startedAt: dateOf(startedAt),
    progress: (options = {}) => watchProgress(context, record, options.signal),
  };
}

/** As `plan` answered it; before there were warnings, without. */
function planOf({ plan }: BroadcastRecord): BroadcastPlan {
  const stored = plan as unknown as Omit<BroadcastPlan, 'warnings'> & Partial<BroadcastPlan>;
  return { warnings: [], ...stored };
}

function dateOf(ms: number | null): Date | null {
  return ms === null ? null : new Date(ms);
}
