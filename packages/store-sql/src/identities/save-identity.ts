import type { IdentityRecord, IdentityStore } from '@posthorn/core';
import { lock, setUpOf } from '../locks.ts';
import { insert, type Program, run, statement } from '../program.ts';
import { listIdentities } from './find-identity.ts';
import { identityValues, insertIdentity } from './identity-row.ts';

type Place = { tenant: string; channel: string };

export const deleteIdentity = statement((db, p: Place & { key: string }) =>
  db
    .deleteFrom('posthorn_identities')
    .where('tenant', '=', p.tenant)
    .where('channel', '=', p.channel)
    .where('key', '=', p.key)
    .returning('key'),
);

const clearDefault = statement((db, p: Place) =>
  db
    .updateTable('posthorn_identities')
    .set({ is_default: 0 })
    .where('tenant', '=', p.tenant)
    .where('channel', '=', p.channel)
    .where('is_default', '=', 1),
);

const clearContact = statement((db, p: { tenant: string }) =>
  db
    .updateTable('posthorn_identities')
    .set({ is_contact: 0 })
    .where('tenant', '=', p.tenant)
    .where('is_contact', '=', 1),
);

export function* saveIdentity(record: IdentityRecord): Program<Awaited<ReturnType<IdentityStore['save']>>> {
  const { tenant, channel, key } = record;
  yield* lock(setUpOf(tenant));
  const neighbours = yield* listIdentities(tenant, channel);
  const before = neighbours.find((identity) => identity.key === key);
  const isOnly = neighbours.length === (before ? 1 : 0);

  if (before?.isDefault && !record.isDefault) return 'is_default';
  if (before?.isContact && !record.isContact) return 'is_contact';

  const isDefault = record.isDefault || isOnly;
  // Only an email address can be the one that is shown to customers.
  const isContact = channel === 'email' && (record.isContact || isOnly);
  const createdAt = before?.createdAt ?? record.createdAt;
  yield* run(deleteIdentity, { tenant, channel, key });
  if (isDefault) yield* run(clearDefault, { tenant, channel });
  if (isContact) yield* run(clearContact, { tenant });
  yield* insert(insertIdentity, [identityValues({ ...record, isDefault, isContact, createdAt })]);
  return 'saved';
}
