import type { AccountStore } from '@posthorn/core';
import { stillOpen } from '../deliveries/delivery-index.ts';
import { removeLimits } from '../limits/account-limits.ts';
import { lock, setUpOf } from '../locks.ts';
import { first, type Program, statement } from '../program.ts';
import { deleteAccount } from './save-account.ts';

type Place = { tenant: string; key: string };

const namingIdentity = statement((db, p: Place) =>
  db
    .selectFrom('posthorn_identities')
    .select('key')
    .where('tenant', '=', p.tenant)
    .where('account', '=', p.key)
    .limit(1),
);

/** A tenant's own account carries messages of that tenant only, so the tenant's open work is all there is to look at. */
const openWork = statement((db, p: Place) =>
  db
    .selectFrom('posthorn_deliveries')
    .select('message_id')
    .where('tenant', '=', p.tenant)
    .where('account_tenant', '=', p.tenant)
    .where('account', '=', p.key)
    .where(stillOpen)
    .limit(1),
);

export function* removeAccount(
  tenant: string,
  key: string,
): Program<Awaited<ReturnType<AccountStore['remove']>>> {
  yield* lock(setUpOf(tenant));
  if (yield* first(namingIdentity, { tenant, key })) return 'named_by_identity';
  if (yield* first(openWork, { tenant, key })) return 'work_waiting';
  if (!(yield* first(deleteAccount, { tenant, key }))) return 'missing';
  yield* removeLimits(tenant, key);
  return 'removed';
}
