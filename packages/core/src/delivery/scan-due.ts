import type { Context, Opened } from '../context.ts';
import { newId } from '../ids.ts';
import type { DueScan } from '../ports/index.ts';
import { textOf } from './send-batches.ts';

/** The most rows of one account that become one job. */
const CHUNK_SIZE = 250;

/** Makes jobs of what waits for its time: scheduled messages, retries, what was put back. */
interface DueLoop {
  /** Has it scan now, and so find out when something is due next. */
  wake(): void;
  /** Resolves when it has ended; nothing is scanned afterwards. */
  stop(): Promise<void>;
}

/** One scan; what it found is for the queue's workers, who are woken. */
export async function scanDue({ clock }: Context, { store, queue }: Opened): Promise<DueScan> {
  const scan = await store.deliveries.queueDue(clock.now(), CHUNK_SIZE, () => newId(clock));
  if (scan.queued > 0) queue.wake();
  return scan;
}

/** Scans when the next message is due, and every `pollIntervalMs` for what other processes have put there. */
export function startDueLoop(context: Context, opened: Opened, pollIntervalMs: number): DueLoop {
  const { clock, live } = context;
  let stopped = false;
  let again = false;
  let nap = new AbortController();

  const run = async (): Promise<void> => {
    while (!stopped) {
      again = false;
      const delayMs = await nextDelay(context, opened, pollIntervalMs);
      if (stopped || again) continue;
      nap = new AbortController();
      await clock.sleep(delayMs, nap.signal).catch(() => undefined);
    }
  };
  const wake = (): void => {
    again = true;
    nap.abort();
  };

  const deafen = live.onStir(({ name }) => {
    if (name === 'account.resumed') wake();
  });
  const ended = run();
  return {
    wake,
    async stop() {
      stopped = true;
      deafen();
      wake();
      await ended;
    },
  };
}

async function nextDelay(context: Context, opened: Opened, pollIntervalMs: number): Promise<number> {
  try {
    const { queued, nextDueAt } = await scanDue(context, opened);
    const untilDueMs = (nextDueAt ?? Number.POSITIVE_INFINITY) - context.clock.now();
    if (untilDueMs > 0) return Math.min(untilDueMs, pollIntervalMs);
    // What is due and was not taken, while nothing else was, cannot be taken now: looking at once would only look again.
    return queued > 0 ? 0 : pollIntervalMs;
  } catch (error) {
    context.log.error('The store could not be asked what is due.', { error: textOf(error) });
    return pollIntervalMs;
  }
}
