import type { Channel, JsonObject, SuppressionReason, SuppressionRecord } from '@posthorn/core';
import { addressName, lock } from '../locks.ts';
import { all, type Program, statement } from '../program.ts';
import { suppressionOf } from './suppression-row.ts';

interface Lift {
  tenant: string;
  channel: string;
  addressKey: string;
  reason: string | null;
  now: number;
  lifted: string;
}

const lift = statement((db, p: Lift) =>
  db
    .updateTable('posthorn_suppressions')
    .set({ lifted_at: p.now, lifted: p.lifted })
    .where('tenant', '=', p.tenant)
    .where('channel', '=', p.channel)
    .where('address_key', '=', p.addressKey)
    .where((it) => it('reason', '=', it.fn.coalesce(it.val(p.reason), 'reason')))
    .where('lifted_at', 'is', null)
    .returningAll(),
);

export function* liftSuppression(
  tenant: string,
  channel: Channel,
  addressKey: string,
  lifted: JsonObject,
  now: number,
  reason: SuppressionReason | undefined,
): Program<readonly SuppressionRecord[]> {
  yield* lock(addressName('marks', tenant, addressKey));
  const params = { tenant, channel, addressKey, reason: reason ?? null, now, lifted: JSON.stringify(lifted) };
  return (yield* all(lift, params)).map(suppressionOf);
}
