import { type BackendLaw, type BackendSubject, checkLaw } from './backend-harness.ts';
import { broadcastLaws } from './broadcast-laws.ts';
import { bulkLaws } from './bulk-laws.ts';
import { contentLaws } from './content-laws.ts';
import { countLaws } from './count-laws.ts';
import { deliveryLaws } from './delivery-laws.ts';
import { dueLaws } from './due-laws.ts';
import { feedLaws } from './feed-laws.ts';
import { holdLaws } from './hold-laws.ts';
import { hostLaws } from './host-laws.ts';
import { identityLaws } from './identity-laws.ts';
import { limitLaws } from './limit-laws.ts';
import { listLaws } from './list-laws.ts';
import { matchLaws } from './match-laws.ts';
import { messageLaws } from './message-laws.ts';
import { pageLaws } from './page-laws.ts';
import { processLaws } from './process-laws.ts';
import { queueLaws } from './queue-laws.ts';
import { removalLaws } from './removal-laws.ts';
import { reportLaws } from './report-laws.ts';
import { retentionLaws } from './retention-laws.ts';
import { segmentLaws } from './segment-laws.ts';
import { accountLaws, keyringLaws } from './set-up-laws.ts';
import { subscriptionLaws } from './subscription-laws.ts';
import { suppressionLaws } from './suppression-laws.ts';
import { tenantLaws } from './tenant-laws.ts';
import { transitionLaws } from './transition-laws.ts';

/** What every backend must do, as data: `check` throws where one does not. */
export const backendLaws: readonly BackendLaw[] = [
  ...keyringLaws,
  ...accountLaws,
  ...identityLaws,
  ...contentLaws,
  ...suppressionLaws,
  ...messageLaws,
  ...listLaws,
  ...tenantLaws,
  ...transitionLaws,
  ...deliveryLaws,
  ...dueLaws,
  ...segmentLaws,
  ...broadcastLaws,
  ...pageLaws,
  ...countLaws,
  ...feedLaws,
  ...holdLaws,
  ...limitLaws,
  ...matchLaws,
  ...reportLaws,
  ...retentionLaws,
  ...removalLaws,
  ...subscriptionLaws,
  ...queueLaws,
  ...bulkLaws,
  ...processLaws,
  ...hostLaws,
];

/**
 * Registers every law that the backend's `supports` calls for as a test on vitest. Await it at the top of a test file.
 *
 * @example
 * ```ts
 * import { sqlite } from '@posthorn/backend-sqlite';
 * import { backendConformance } from '@posthorn/testing';
 *
 * export async function testInMemory(): Promise<void> {
 *   await backendConformance({
 *     name: 'sqlite in memory',
 *     open: async () => ({ backend: sqlite(':memory:'), remove: async () => {} }),
 *   });
 * }
 * ```
 */
export async function backendConformance(subject: BackendSubject): Promise<void> {
  // Not at the top: a host that tests with another runner has no vitest.
  const { describe, it } = await import('vitest');
  const { backend, remove } = await subject.open();
  await remove();
  describe(`${subject.name} keeps the laws of a backend`, () => {
    for (const law of backendLaws) {
      if (law.needs !== undefined && !backend.supports[law.needs]) continue;
      it(law.name, async () => checkLaw(law, await subject.open()));
    }
  });
}
