import { createJobHandler, sendBatches, settleOutcome } from './delivery/index.ts';
import { foldEvents } from './events/index.ts';
import { checkSend, chooseChannels, enqueueMessages, resolveSenders, timelineOf } from './messages/index.ts';
import { findPeople } from './segments/index.ts';
import { contentOf, renderSlots } from './templates/index.ts';

/**
 * The way a message takes, in order, and where each step is.
 *
 * Up to `enqueue` everything runs in the host's call, and inside its transaction where it hands one over; of a broadcast, in
 * the job that makes its list (`broadcasts/write-list.ts`), page by page. `enqueue` is the
 * durable boundary. What follows runs in a worker, maybe in another process, which knows no template engine: the row
 * already holds what will be sent.
 */
export const pipeline = {
  /** What is said, and whether the call makes sense: input checked, content found or compiled. */
  compose: [checkSend, contentOf],
  /** From whom to whom, by which channel, and who is skipped for which reason. */
  resolve: [findPeople, resolveSenders, chooseChannels],
  /** The slots of the skeleton, filled in with this recipient's values. */
  render: [renderSlots],
  /** Rows, the idempotency key and the job, written together or not at all. */
  enqueue: [enqueueMessages],
  /** A worker takes a job, and its rows under a lease. */
  claim: [createJobHandler],
  /** Rows become `sending` by a commit, and then go out: never more than the transport's window at once. */
  handOver: [sendBatches],
  /** The transport's word becomes an event, and the end of the work or another attempt. */
  settle: [settleOutcome],
  /** Events become the outcome, in whatever order they came. */
  fold: [foldEvents],
  /** Outcomes become sentences for people. */
  explain: [timelineOf],
} as const;
