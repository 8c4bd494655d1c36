import type { Report } from '../ports/index.ts';

/** How far a provider's clock may be ahead of ours. */
const AHEAD_MS = 5 * 60 * 1000;

/**
 * When it happened. What has no time of its own, or an absurd one, has that of its arrival, and so another one each time
 * that it comes.
 */
export function timeOf({ occurredAt }: Pick<Report, 'occurredAt'>, receivedAt: number): number {
  const canBe = Number.isSafeInteger(occurredAt) && occurredAt !== null && occurredAt > 0;
  return canBe && occurredAt <= receivedAt + AHEAD_MS ? occurredAt : receivedAt;
}
