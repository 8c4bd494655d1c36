import { hash } from 'node:crypto';

/**
 * An id in the shape of our others (RFC 9562, version 8) that follows from what is said: the same again has the same. It
 * sorts by the time.
 */
export function reportedId(timeMs: number, said: readonly unknown[]): string {
  const ms = Number.isSafeInteger(timeMs) && timeMs > 0 ? timeMs : 0;
  const time = ms.toString(16).padStart(12, '0').slice(-12);
  const digest = hash('sha256', JSON.stringify(said), 'hex');
  const tail = `8${digest.slice(0, 3)}-8${digest.slice(3, 6)}-${digest.slice(6, 18)}`;
  return `${time.slice(0, 8)}-${time.slice(8)}-${tail}`;
}
