const HOUR_MS = 3_600_000;

/**
 * Keeps the process alive while somebody awaits the work. The clock's sleeps do not, so that a worker in the background
 * never holds a host up; but a cron script that awaits its drain has nothing else that would.
 */
export async function stayAlive<T>(work: () => Promise<T>): Promise<T> {
  const handle = setInterval(() => undefined, HOUR_MS);
  try {
    return await work();
  } finally {
    clearInterval(handle);
  }
}
