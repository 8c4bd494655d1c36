import { describe, expect, it } from 'vitest';
import { backendLaws } from './backend-conformance.ts';
import { checkLaw } from './backend-harness.ts';
import { type BrokenBackend, withFault } from './broken-backend.test-kit.ts';
import { brokenBroadcasts, brokenPages, brokenSegments } from './broken-broadcasts.test-kit.ts';
import { brokenDeliveries } from './broken-deliveries.test-kit.ts';
import { brokenLimits } from './broken-limits.test-kit.ts';
import { brokenMessages, brokenTenants, brokenTransitions } from './broken-messages.test-kit.ts';
import { brokenHosts, brokenProcesses, brokenQueues } from './broken-queue.test-kit.ts';
import { brokenReports } from './broken-reports.test-kit.ts';
import { brokenRetention } from './broken-retention.test-kit.ts';
import { brokenCounts, brokenFeeds, brokenHolds } from './broken-sending.test-kit.ts';
import { brokenContent, brokenSetUp } from './broken-set-up.test-kit.ts';
import { brokenSubscriptions } from './broken-subscriptions.test-kit.ts';
import { placeFor } from './sqlite-places.test-kit.ts';

const broken: readonly BrokenBackend[] = [
  ...brokenSetUp,
  ...brokenContent,
  ...brokenMessages,
  ...brokenTenants,
  ...brokenTransitions,
  ...brokenDeliveries,
  ...brokenSegments,
  ...brokenBroadcasts,
  ...brokenPages,
  ...brokenCounts,
  ...brokenFeeds,
  ...brokenHolds,
  ...brokenLimits,
  ...brokenReports,
  ...brokenRetention,
  ...brokenSubscriptions,
  ...brokenQueues,
  ...brokenProcesses,
  ...brokenHosts,
];

describe('the laws of a backend', () => {
  it('are each noticed to be broken by at least one backend, and by no name twice', () => {
    const names = backendLaws.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    expect([...new Set(broken.map(({ breaks }) => breaks))].sort()).toEqual([...names].sort());
  });

  for (const double of broken) {
    it(`notice the backend that breaks “${double.breaks}”`, async () => {
      const law = backendLaws.find(({ name }) => name === double.breaks);
      if (law === undefined) throw new Error('There is no such law.');
      const place = await placeFor(law);
      await expect(checkLaw(law, { ...place, backend: withFault(place.backend, double) })).rejects.toThrow();
    });
  }
});
