import type { FedEvent, SubscriptionLag } from '@posthorn/core';
import { all, first, type Program, statement } from '../program.ts';
import { nextFed } from './read-feed.ts';
import { placeOf, subscriptionOf } from './subscription-row.ts';

const MOST_COUNTED = 10_000;

const ofTenant = statement((db, p: { tenant: string }) =>
  db
    .selectFrom('posthorn_subscriptions')
    .select(['id', 'tenant', 'name', 'types', 'created_at'])
    .where('tenant', '=', p.tenant)
    .where('removed_at', 'is', null)
    .orderBy('name'),
);

const counted = statement((db, p: { id: string; limit: number }) =>
  db
    .selectFrom((it) =>
      it
        .selectFrom('posthorn_feed')
        .select('position')
        .where('subscription', '=', p.id)
        .limit(p.limit)
        .as('waiting'),
    )
    .select((it) => it.fn.countAll<number>().as('count')),
);

export function* listSubscriptions(tenant: string | null): Program<readonly SubscriptionLag[]> {
  const listed: SubscriptionLag[] = [];
  for (const row of yield* all(ofTenant, { tenant: placeOf(tenant) })) {
    const count = yield* first(counted, { id: row.id, limit: MOST_COUNTED });
    const [next] = yield* nextFed(row.id, 1);
    listed.push({ ...subscriptionOf(row), waiting: count?.count ?? 0, waitingSince: storedAt(next) });
  }
  return listed;
}

function storedAt(fed: FedEvent | undefined): number | null {
  if (fed === undefined || fed.fact === null) return null;
  if ('event' in fed.fact) return fed.fact.event.recordedAt;
  const { createdAt, liftedAt } = fed.fact.mark;
  return fed.type === 'address.resubscribed' ? liftedAt : createdAt;
}
