import type { SuppressionRecord } from '@posthorn/core';
import { addressName, lock } from '../locks.ts';
import { first, insert, type Program, statement } from '../program.ts';
import { insertSuppression, suppressionOf, suppressionValues } from './suppression-row.ts';

const inForce = statement((db, p: { tenant: string; channel: string; addressKey: string; reason: string }) =>
  db
    .selectFrom('posthorn_suppressions')
    .selectAll()
    .where('tenant', '=', p.tenant)
    .where('channel', '=', p.channel)
    .where('address_key', '=', p.addressKey)
    .where('reason', '=', p.reason)
    .where('lifted_at', 'is', null),
);

export function* addSuppression(record: SuppressionRecord): Program<SuppressionRecord> {
  const { tenant, channel, addressKey, reason } = record;
  yield* lock(addressName('marks', tenant, addressKey));
  yield* insert(insertSuppression, [suppressionValues(record)]);
  const stored = yield* first(inForce, { tenant, channel, addressKey, reason });
  return stored ? suppressionOf(stored) : record;
}
