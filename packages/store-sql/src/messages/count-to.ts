import type { RecipientCount } from '@posthorn/core';
import { sql } from 'kysely';
import { all, type Program, statement } from '../program.ts';

type Params = Omit<RecipientCount, 'addressKeys'> & { readonly tenant: string; readonly addressKeys: string };

const counted = statement((db, p: Params, dialect) =>
  db
    .selectFrom('posthorn_messages as m')
    .innerJoin('posthorn_deliveries as d', 'd.message_id', 'm.id')
    .select(['m.address_key', sql<number>`count(*)`.as('messages')])
    .where('m.tenant', '=', p.tenant)
    .where('m.address_key', 'is not', null)
    .where('m.address_key', 'in', dialect.each(p.addressKeys))
    .where('m.account', '=', p.account)
    .where('m.account_tenant', '=', p.accountTenant)
    .where(sql<boolean>`coalesce(m.send_at, m.created_at) > ${p.from}`)
    .where(sql<boolean>`coalesce(m.send_at, m.created_at) < ${p.until}`)
    // One that was canceled too late still is being sent.
    .where((it) =>
      it.or([
        it('d.work', '<>', 'done'),
        it('d.outcome', 'is', null),
        it('d.outcome', 'not in', ['skipped', 'canceled', 'expired']),
      ]),
    )
    .groupBy('m.address_key'),
);

/** How many messages each of these addresses has. */
export function* countTo(
  tenant: string,
  { addressKeys, ...wanted }: RecipientCount,
): Program<ReadonlyMap<string, number>> {
  const params = { tenant, ...wanted, addressKeys: JSON.stringify(addressKeys) };
  const rows = yield* all(counted, params);
  return new Map(rows.map((row) => [row.address_key ?? '', Number(row.messages)]));
}
