import type { SubscriptionRecord } from '@posthorn/core';
import { lock } from '../locks.ts';
import { first, insert, insertion, type Program, run, statement } from '../program.ts';
import { placeOf, typesText } from './subscription-row.ts';

const insertSubscription = insertion('posthorn_subscriptions', [
  'id',
  'tenant',
  'name',
  'types',
  'holder',
  'beat',
  'created_at',
  'removed_at',
]);

const byName = statement((db, p: { tenant: string; name: string }) =>
  db
    .selectFrom('posthorn_subscriptions')
    .select(['id', 'types'])
    .where('tenant', '=', p.tenant)
    .where('name', '=', p.name)
    .where('removed_at', 'is', null),
);

/** Who held it knows how to handle other types. */
const retype = statement((db, p: { id: string; types: string }) =>
  db.updateTable('posthorn_subscriptions').set({ types: p.types, holder: null }).where('id', '=', p.id),
);

export function* saveSubscription(record: SubscriptionRecord): Program<string> {
  yield* lock('subscriptions');
  const { id, name, createdAt } = record;
  const tenant = placeOf(record.tenant);
  const types = typesText(record.types);
  const found = yield* first(byName, { tenant, name });
  if (found === undefined) {
    yield* insert(insertSubscription, [[id, tenant, name, types, null, 0, createdAt, null]]);
    return id;
  }
  if (found.types !== types) yield* run(retype, { id: found.id, types });
  return found.id;
}
