import type { Context, Opened } from '../context.ts';
import { scanDue } from '../delivery/index.ts';
import { PosthornError, SourceError, StoreError } from '../errors.ts';
import { cancelMessages } from '../messages/index.ts';
import type { BroadcastRecord, JobHandler } from '../ports/index.ts';
import { scopeOf } from './stored-input.ts';
import { writeList } from './write-list.ts';

/** Messages ended in one go. */
const PAGE = 200;
/** How long a source that fails is asked again before the broadcast is given up. */
const PATIENCE_MS = 3_600_000;

/**
 * What is done with a broadcast's job: its state says what is missing. Done again, or by two at once, it does no harm; it
 * resolves when nothing is missing any more.
 */
export function createBroadcastHandler(host: Context): JobHandler {
  return async ({ tenant, chunk: id }, { signal }) => {
    const opened = await host.open();
    // What has begun ends in order even when the instance hands out nothing any more.
    const context = { ...host, open: async () => opened };
    for (;;) {
      signal.throwIfAborted();
      const record = await opened.store.broadcasts.get(tenant, id);
      if (record?.state === 'listing') await list(context, opened, record, signal);
      else if (record?.state === 'canceled' || record?.state === 'refused')
        return endAll(context, opened, record, signal);
      else {
        // What is listed now may leave at once.
        await scanDue(context, opened);
        return;
      }
    }
  };
}

async function list(
  context: Context,
  opened: Opened,
  record: BroadcastRecord,
  signal: AbortSignal,
): Promise<void> {
  try {
    await writeList(context, opened, record, signal);
  } catch (error) {
    if (signal.aborted || error instanceof StoreError) throw error;
    await noteFailure(context, opened, record, error);
  }
}

/**
 * What is wrong with the set-up ends the broadcast, as nobody was written to. A source that fails is asked again, and one that
 * this process does not know is left to others: it may be of an older version, in the middle of a deployment.
 */
async function noteFailure(
  { clock, log }: Context,
  { store }: Opened,
  { tenant, id, failure: before }: BroadcastRecord,
  error: unknown,
): Promise<void> {
  const now = clock.now();
  const code = error instanceof PosthornError ? error.code : 'unexpected';
  const message = textOf(error);
  const isSettled =
    error instanceof PosthornError && !(error instanceof SourceError) && code !== 'unknown_source';
  const since = Number(before?.since ?? now);
  const isOver = isSettled || now - since > PATIENCE_MS;
  const failure = { code, message, since };
  log.error('The list of a broadcast could not be made.', { broadcast: id, code, error: message });
  const change = isOver ? ({ state: 'refused', endedAt: now, failure } as const) : { failure };
  await store.broadcasts.change(tenant, id, ['listing'], change, []);
  // The queue gives the job out again, later each time.
  if (!isOver) throw error;
}

/** With the cause: that a query failed helps nobody who is not told why. */
function textOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { message, cause } = error;
  return cause instanceof Error ? `${message} (${cause.message})` : message;
}

async function endAll(
  context: Context,
  { store }: Opened,
  record: BroadcastRecord,
  signal: AbortSignal,
): Promise<void> {
  let after: string | null = null;
  for (;;) {
    signal.throwIfAborted();
    const ids: readonly string[] = await store.broadcasts.messageIds(
      record.tenant,
      record.id,
      ['scheduled', 'queued', 'sending', 'deferred'],
      { limit: PAGE, after },
    );
    const last = ids.at(-1);
    if (last === undefined) return;
    await cancelMessages(context, scopeOf(record), ids);
    after = last;
  }
}
