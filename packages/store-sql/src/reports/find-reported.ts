import type { LeftMessage, MessageHead, ReportingAccount } from '@posthorn/core';
import { type SqlBool, sql } from 'kysely';
import { headColumns, headOf } from '../messages/message-row.ts';
import { all, first, type Program, statement } from '../program.ts';
import type { Database } from '../schema.ts';

const headsById = statement((db, p: { ids: string }, dialect) =>
  heads(db).where('m.id', 'in', dialect.each(p.ids)),
);

export function* headsOf(ids: readonly string[]): Program<readonly MessageHead[]> {
  return (yield* all(headsById, { ids: JSON.stringify(ids) })).map((row) => headOf(row));
}

function heads(db: Database) {
  return db.selectFrom('posthorn_messages as m').select(headColumns.map((column) => `m.${column}` as const));
}

interface OfProvider {
  providerId: string;
  account: string;
  accountTenant: string;
  limit: number;
}

const ofProvider = statement((db, p: OfProvider) =>
  heads(db)
    .innerJoin('posthorn_events as e', 'e.message_id', 'm.id')
    .select('e.attempt')
    .where('e.provider_id', '=', p.providerId)
    .where('m.account', '=', p.account)
    .where('m.account_tenant', '=', p.accountTenant)
    .limit(p.limit),
);

export function* byProviderIds(
  { tenant: accountTenant, key: account }: ReportingAccount,
  providerIds: readonly string[],
  limit: number,
): Program<readonly (LeftMessage & { readonly providerId: string })[]> {
  const found: (LeftMessage & { readonly providerId: string })[] = [];
  for (const providerId of new Set(providerIds)) {
    for (const row of yield* all(ofProvider, { providerId, account, accountTenant, limit })) {
      found.push({ message: headOf(row), attempt: row.attempt, providerId });
    }
  }
  return found;
}

/** Leaps from tenant to tenant through an index, however many messages each has. */
export const nextTenant = statement((db, p: { after: string }) =>
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

/**
 * What left is being handed over, or some attempt of it was taken, or may have been. No `exists`, for which Postgres might
 * read the events of all messages first.
 */
const hasLeft = sql<SqlBool>`(d.work = 'sending' or (
  select e.id from ${sql.table('posthorn_events')} as e
  where e.message_id = d.message_id and e.type in ('accepted', 'unknown', 'delivered') limit 1) is not null)`;

const latest = statement((db, p: LeftTo) =>
  heads(db)
    .innerJoin('posthorn_deliveries as d', 'd.message_id', 'm.id')
    .select(['d.work', 'd.attempt'])
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
    const taken = row.work === 'sending' ? undefined : yield* first(lastTaken, { id: row.id });
    found.push({
      message: headOf(row),
      attempt: taken?.attempt ?? row.attempt,
      providerId: taken?.provider_id ?? null,
    });
  }
  return found;
}
