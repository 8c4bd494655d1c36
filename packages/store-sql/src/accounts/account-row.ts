import type { AccountLimits, AccountPause, AccountRecord } from '@posthorn/core';
import { insertion, type Param } from '../program.ts';
import type { AccountRow } from '../schema.ts';

export const insertAccount = insertion('posthorn_accounts', [
  'tenant',
  'key',
  'adapter',
  'channel',
  'label',
  'settings',
  'sealed_secrets',
  'pause',
  'limits',
  'created_at',
  'updated_at',
]);

/** In the order of `insertAccount`. */
export function accountValues(record: AccountRecord): readonly Param[] {
  return [
    record.tenant,
    record.key,
    record.adapter,
    record.channel,
    record.label,
    JSON.stringify(record.settings),
    record.sealedSecrets,
    record.pause && JSON.stringify(record.pause),
    limitsText(record.limits),
    record.createdAt,
    record.updatedAt,
  ];
}

export function accountOf(row: AccountRow): AccountRecord {
  return {
    tenant: row.tenant,
    key: row.key,
    adapter: row.adapter,
    channel: row.channel as AccountRecord['channel'],
    label: row.label,
    settings: JSON.parse(row.settings),
    sealedSecrets: row.sealed_secrets,
    pause: pauseOf(row.pause),
    limits: row.limits === null ? null : JSON.parse(row.limits),
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}

export function pauseOf(json: string | null): AccountPause | null {
  return json === null ? null : JSON.parse(json);
}

export function limitsText(limits: AccountLimits | null): string | null {
  return limits && JSON.stringify(limits);
}
