import type { IdentityRecord } from '@posthorn/core';
import { insertion, type Param } from '../program.ts';
import type { IdentityRow } from '../schema.ts';

export const insertIdentity = insertion('posthorn_identities', [
  'tenant',
  'channel',
  'key',
  'name',
  'address',
  'reply_to',
  'account',
  'is_default',
  'is_contact',
  'created_at',
  'updated_at',
]);

/** In the order of `insertIdentity`. */
export function identityValues(record: IdentityRecord): readonly Param[] {
  return [
    record.tenant,
    record.channel,
    record.key,
    record.name,
    record.address,
    record.replyTo,
    record.account,
    Number(record.isDefault),
    Number(record.isContact),
    record.createdAt,
    record.updatedAt,
  ];
}

export function identityOf(row: IdentityRow): IdentityRecord {
  return {
    tenant: row.tenant,
    channel: row.channel as IdentityRecord['channel'],
    key: row.key,
    name: row.name,
    address: row.address,
    replyTo: row.reply_to,
    account: row.account,
    isDefault: row.is_default === 1,
    isContact: row.is_contact === 1,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}
