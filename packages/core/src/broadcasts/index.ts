export type {
  Broadcast,
  BroadcastAccount,
  BroadcastInput,
  BroadcastPlan,
  BroadcastProgress,
  BroadcastStatus,
  BroadcastStatusCounts,
  Broadcasts,
  Cost,
  PlanWarning,
  SkippedGroup,
  SkippedPerson,
  StartOptions,
} from './broadcast.ts';
export { createBroadcasts } from './create-broadcasts.ts';
export { planBroadcast } from './plan-broadcast.ts';
export { startBroadcast } from './start-broadcast.ts';
export { createBroadcastHandler } from './work-broadcast.ts';
