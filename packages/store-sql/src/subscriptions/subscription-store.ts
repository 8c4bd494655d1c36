import type { SubscriptionStore } from '@posthorn/core';
import type { Runner } from '../runner.ts';
import {
  beatSubscription,
  claimSubscription,
  lookAtSubscription,
  releaseSubscription,
} from './hold-subscription.ts';
import { listSubscriptions } from './list-subscriptions.ts';
import { nextFed, passFed } from './read-feed.ts';
import { removeSubscription, sweepFeed } from './remove-subscription.ts';
import { saveSubscription } from './save-subscription.ts';

/** What a power cut takes of a hold or of what was passed is only done again. */
export function subscriptionStore(runner: Runner): SubscriptionStore {
  const { read, write, writeRelaxed } = runner;
  return {
    async save(record) {
      const id = await write(() => saveSubscription(record));
      await sweepFeed(runner, record.createdAt);
      return id;
    },
    list: (tenant) => read(() => listSubscriptions(tenant)),
    async remove(tenant, name, now) {
      const isRemoved = await write(() => removeSubscription(tenant, name, now));
      await sweepFeed(runner, now);
      return isRemoved;
    },
    look: (id) => read(() => lookAtSubscription(id)),
    claim: (id, token, seen) => writeRelaxed(() => claimSubscription(id, token, seen)),
    beat: (id, token) => writeRelaxed(() => beatSubscription(id, token)),
    release: (id, token) => writeRelaxed(() => releaseSubscription(id, token)),
    next: (id, limit) => read(() => nextFed(id, limit)),
    pass: (id, token, positions) => writeRelaxed(() => passFed(id, token, positions)),
  };
}
