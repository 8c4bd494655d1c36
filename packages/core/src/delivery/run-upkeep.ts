import type { Context, Opened } from '../context.ts';
import type { RetentionStep } from '../ports/index.ts';
import { UNSUBSCRIBE_SLOT } from '../unsubscribe/index.ts';
import { textOf } from './send-batches.ts';

const DAY_MS = 24 * 60 * 60 * 1000;

/** From the end of one pass to the next. */
const PAUSE_MS = 60 * 60 * 1000;
/** A worker that has just started has more urgent things to do, and one that only visits does none of this. */
const FIRST_LOOK_MS = 10_000;
/** Between two steps, in which others use the database. */
const REST_MS = 15;
/** When the store is asked again that did not answer. */
const FAILED_MS = 60_000;
/** How many rows a step looks at: on SQLite it holds the host's event loop for so long. */
const STEP_ROWS = 100;

/** How long a plan names people as samples, in days. */
const SAMPLES_DAYS = 30;
/** How long reports that belong to no message are kept, in days. */
const UNMATCHED_DAYS = 30;

/** Lets go of what is old: content, messages, and what is left of them. */
interface Upkeep {
  /** Resolves when it has ended; nothing is removed afterwards. */
  stop(): Promise<void>;
}

/** One step, if any is due. */
async function takeStep(
  { clock }: Context,
  { store }: Opened,
  messagesDays: number | null,
): Promise<RetentionStep> {
  const now = clock.now();
  const dueAt = await store.retention.dueAt(now, PAUSE_MS);
  if (dueAt > now) return { redacted: 0, removed: 0, nextAt: dueAt };
  return store.retention.step({
    now,
    messagesBefore: messagesDays === null ? null : now - messagesDays * DAY_MS,
    samplesBefore: now - SAMPLES_DAYS * DAY_MS,
    unmatchedBefore: now - UNMATCHED_DAYS * DAY_MS,
    linkMark: UNSUBSCRIBE_SLOT,
    pauseMs: PAUSE_MS,
    limit: STEP_ROWS,
  });
}

/** About once an hour, for as long as the worker runs. */
export function startUpkeep(context: Context, opened: Opened, messagesDays: number | null): Upkeep {
  const ended = new AbortController();
  const run = async (): Promise<void> => {
    let delayMs = FIRST_LOOK_MS;
    while (!ended.signal.aborted) {
      await context.clock.sleep(delayMs, ended.signal).catch(() => undefined);
      if (!ended.signal.aborted) delayMs = await untilNextStep(context, opened, messagesDays);
    }
  };
  const running = run();
  return {
    async stop() {
      ended.abort(new Error('The worker stops.'));
      await running;
    },
  };
}

/** All that is due, for whoever works only now and then; ends when the time is up. What is left is done the next time. */
export async function doUpkeep(
  context: Context,
  opened: Opened,
  messagesDays: number | null,
  until: number,
  signal: AbortSignal,
): Promise<void> {
  while (context.clock.now() < until && !signal.aborted) {
    if ((await untilNextStep(context, opened, messagesDays)) > REST_MS) return;
    await context.clock.sleep(REST_MS, signal).catch(() => undefined);
  }
}

/** Takes a step, and answers when there is another one, in ms. */
async function untilNextStep(context: Context, opened: Opened, messagesDays: number | null): Promise<number> {
  try {
    const { nextAt } = await takeStep(context, opened, messagesDays);
    return nextAt === null ? REST_MS : Math.max(nextAt - context.clock.now(), REST_MS + 1);
  } catch (error) {
    context.log.error('Old data could not be removed; it is tried again.', { error: textOf(error) });
    return FAILED_MS;
  }
}
