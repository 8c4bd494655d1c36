import type { Channel, IdentityRecord } from '@posthorn/core';
import { all, first, type Program, statement } from '../program.ts';
import { identityOf } from './identity-row.ts';

type Place = { tenant: string; channel: string };

const byKey = statement((db, p: Place & { key: string }) =>
  db
    .selectFrom('posthorn_identities')
    .selectAll()
    .where('tenant', '=', p.tenant)
    .where('channel', '=', p.channel)
    .where('key', '=', p.key),
);

const ofTenant = statement((db, p: { tenant: string }) =>
  db
    .selectFrom('posthorn_identities')
    .selectAll()
    .where('tenant', '=', p.tenant)
    .orderBy('channel')
    .orderBy('key'),
);

const ofChannel = statement((db, p: Place) =>
  db
    .selectFrom('posthorn_identities')
    .selectAll()
    .where('tenant', '=', p.tenant)
    .where('channel', '=', p.channel)
    .orderBy('key'),
);

export function* getIdentity(
  tenant: string,
  channel: Channel,
  key: string,
): Program<IdentityRecord | undefined> {
  const row = yield* first(byKey, { tenant, channel, key });
  return row && identityOf(row);
}

/** A tenant has a handful; so its marks are looked for here rather than in the database. */
export function* listIdentities(tenant: string, channel?: Channel): Program<readonly IdentityRecord[]> {
  const rows =
    channel === undefined ? yield* all(ofTenant, { tenant }) : yield* all(ofChannel, { tenant, channel });
  return rows.map(identityOf);
}

export function* defaultIdentity(tenant: string, channel: Channel): Program<IdentityRecord | undefined> {
  return (yield* listIdentities(tenant, channel)).find((identity) => identity.isDefault);
}

export function* contactIdentity(tenant: string): Program<IdentityRecord | undefined> {
  return (yield* listIdentities(tenant, 'email')).find((identity) => identity.isContact);
}
