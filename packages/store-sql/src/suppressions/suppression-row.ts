import type { SuppressionRecord } from '@posthorn/core';
import { insertion, type Param } from '../program.ts';
import type { SuppressionRow } from '../schema.ts';

export const insertSuppression = insertion(
  'posthorn_suppressions',
  [
    'tenant',
    'id',
    'channel',
    'address_key',
    'address',
    'reason',
    'evidence',
    'created_at',
    'lifted_at',
    'lifted',
  ],
  { keepExisting: true },
);

/** In the order of `insertSuppression`. */
export function suppressionValues(record: SuppressionRecord): readonly Param[] {
  return [
    record.tenant,
    record.id,
    record.channel,
    record.addressKey,
    record.address,
    record.reason,
    JSON.stringify(record.evidence),
    record.createdAt,
    record.liftedAt,
    record.lifted && JSON.stringify(record.lifted),
  ];
}

export function suppressionOf(row: SuppressionRow): SuppressionRecord {
  return {
    tenant: row.tenant,
    id: row.id,
    channel: row.channel as SuppressionRecord['channel'],
    addressKey: row.address_key,
    address: row.address,
    reason: row.reason as SuppressionRecord['reason'],
    evidence: JSON.parse(row.evidence),
    createdAt: row.created_at,
    liftedAt: row.lifted_at,
    lifted: row.lifted === null ? null : JSON.parse(row.lifted),
  };
}
