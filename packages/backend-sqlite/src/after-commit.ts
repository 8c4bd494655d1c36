import type { Clock } from '@posthorn/core';
import { type HostDatabase, isInTransaction } from './host-database.ts';

const MAX_PAUSE_MS = 100;
/** A transaction that is open this long is not waited for: the worker finds its messages by polling. */
const MAX_WAIT_MS = 60_000;

export interface Sight {
  readonly clock: Clock;
  readonly host: HostDatabase;
  /** Whether the rows are there for everybody: committed. */
  isCommitted(): Promise<boolean>;
  /** Whether they are there on the host's handle: committed, or still to be. */
  isWritten(): Promise<boolean>;
  /** Whether nobody waits any more. */
  isClosed(): boolean;
}

/** Node's SQLite tells nobody of a commit, so it is looked for: at once, and then ever more rarely. */
export async function commitOf({ clock, host, isCommitted, isWritten, isClosed }: Sight): Promise<boolean> {
  const deadline = clock.now() + MAX_WAIT_MS;
  for (let pauseMs = 1; !isClosed(); pauseMs = Math.min(pauseMs * 2, MAX_PAUSE_MS)) {
    // In this order: a commit between the two questions must not be taken for a rollback.
    const isOver = !isInTransaction(host) || !(await isWritten());
    if (await isCommitted()) return true;
    if (isOver || clock.now() >= deadline) return false;
    await clock.sleep(pauseMs);
  }
  return false;
}
