/** Far enough away never to matter; it only has to be there. */
const FAR_AWAY_MS = 2 ** 30;

/**
 * Keeps the process from ending by itself until the answer is called. The clock's sleeps do not, but a process must not
 * go away over a send that waits for the write lock, or over a job in its hands.
 */
export function keepAlive(): () => void {
  const handle = setInterval(() => undefined, FAR_AWAY_MS);
  return () => clearInterval(handle);
}
