import type { LeftMessage, ReportingAccount, StoredMessage } from '@posthorn/core';
import { type SqlBool, sql } from 'kysely';
import { storedMessageOf, storedMessages } from '../messages/stored-message.ts';
import { all, first, type Program, statement } from '../program.ts';

const byIds = statement((db, p: { ids: string }, dialect) =>
  storedMessages(db).where('d.message_id', 'in', dialect.each(p.ids)),
);

export function* messagesOfAll(ids: readonly string[]): Program<readonly StoredMessage[]> {
  return (yield* all(byIds, { ids: JSON.stringify(ids) })).map(storedMessageOf);
}

const ofProvider = statement((db, p: { providerId: string; limit: number }) =>
  storedMessages(db)
    .innerJoin('posthorn_events as e', 'e.message_id', 'd.message_id')
    .select('e.attempt as left_attempt')
    .where('e.provider_id', '=', p.providerId)
    .limit(p.limit),
);

export function* byProviderIds(
  providerIds: readonly string[],
  limit: number,
): Program<readonly (LeftMessage & { readonly providerId: string })[]> {
  const found: (LeftMessage & { readonly providerId: string })[] = [];
  for (const providerId of new Set(providerIds)) {
    for (const row of yield* all(ofProvider, { providerId, limit })) {
      found.push({ ...storedMessageOf(row), attempt: row.left_attempt, providerId });
    }
  }
  return found;
}

/** Leaps from tenant to tenant through an index, however many messages each has. */
const nextTenant = statement((db, p: { after: string }) =>
  db
    .selectFrom('posthorn_messages')
    .select('tenant')
    .where('tenant', '>', p.after)
    .orderBy('tenant')
    .orderBy('created_at')
    .orderBy('id')
    .limit(1),
);

export function* tenantsAfter({
  limit,
  after,
}: {
  readonly limit: number;
  readonly after: string | null;
}): Program<readonly string[]> {
  const tenants: string[] = [];
  while (tenants.length < limit) {
    const next = yield* first(nextTenant, { after: tenants.at(-1) ?? after ?? '' });
    if (next === undefined) break;
    tenants.push(next.tenant);
  }
  return tenants;
}

interface LeftTo {
  tenant: string;
  addressKey: string;
  account: string;
  accountTenant: string;
  before: number;
}

/** What left is being handed over, or some attempt of it was taken, or may have been. */
const hasLeft = sql<SqlBool>`(d.work = 'sending' or exists (
  select 1 from posthorn_events as e
  where e.message_id = d.message_id and e.type in ('accepted', 'unknown', 'delivered')))`;

const latest = statement((db, p: LeftTo) =>
  storedMessages(db)
    .where('m.tenant', '=', p.tenant)
    .where('m.address_key', '=', p.addressKey)
    .where('m.created_at', '<=', p.before)
    .where('d.account', '=', p.account)
    .where('d.account_tenant', '=', p.accountTenant)
    .where(hasLeft)
    .orderBy('m.created_at', 'desc')
    .orderBy('m.id', 'desc')
    .limit(1),
);

const lastTaken = statement((db, p: { id: string }) =>
  db
    .selectFrom('posthorn_events')
    .select(['attempt', 'provider_id'])
    .where('message_id', '=', p.id)
    .where('type', 'in', ['accepted', 'unknown', 'delivered'])
    .orderBy('attempt', 'desc')
    // Of one attempt the word that knows the provider's id.
    .orderBy(sql`case when provider_id is null then 1 else 0 end`)
    .limit(1),
);

export function* latestTo(
  { tenant: accountTenant, key: account }: ReportingAccount,
  addresses: readonly { readonly tenant: string; readonly addressKey: string }[],
  before: number,
): Program<readonly (LeftMessage & { readonly providerId: string | null })[]> {
  const found: (LeftMessage & { readonly providerId: string | null })[] = [];
  for (const { tenant, addressKey } of addresses) {
    const row = yield* first(latest, { tenant, addressKey, account, accountTenant, before });
    if (row === undefined) continue;
    const stored = storedMessageOf(row);
    const { work, attempt } = stored.delivery;
    const taken = work === 'sending' ? undefined : yield* first(lastTaken, { id: row.id });
    found.push({
      ...stored,
      attempt: taken?.attempt ?? attempt,
      providerId: taken?.provider_id ?? null,
    });
  }
  return found;
}
