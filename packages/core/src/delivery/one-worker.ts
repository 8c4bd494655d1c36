import type { Log } from '../ports/index.ts';

interface Stoppable {
  stop(): Promise<void>;
}

/** Lives on `globalThis`, as a host that reloads its modules has several copies of this one. */
const REGISTRY = Symbol.for('posthorn.workers');

/** Whether another worker of this process works there. */
export function isWorked(location: string | null): boolean {
  return location !== null && registry().has(location);
}

/**
 * Makes this the one worker of the process at a backend's location: an earlier one, left behind by a reload, is stopped.
 * Resolves when that has stopped.
 */
export async function becomeTheWorker(location: string | null, worker: Stoppable, log: Log): Promise<void> {
  if (location === null) return;
  const earlier = registry().get(location);
  registry().set(location, worker);
  if (earlier === undefined) return;
  log.warn('Another worker of this process worked the same database and is stopped; was a module reloaded?', {
    location,
  });
  await earlier.stop();
}

/** Leaves the place, unless another worker has taken it. */
export function leavePlace(location: string | null, worker: Stoppable): void {
  if (location !== null && registry().get(location) === worker) registry().delete(location);
}

function registry(): Map<string, Stoppable> {
  const holder = globalThis as { [REGISTRY]?: Map<string, Stoppable> };
  holder[REGISTRY] ??= new Map();
  return holder[REGISTRY];
}
