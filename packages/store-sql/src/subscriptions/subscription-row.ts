import type { SubscriptionRecord } from '@posthorn/core';
import type { SubscriptionRow } from './subscription-tables.ts';

/** No tenant is called so. */
export const EVERY_TENANT = '$all';

export function placeOf(tenant: string | null): string {
  return tenant ?? EVERY_TENANT;
}

/** Two lists of the same types are the same text. */
export function typesText(types: SubscriptionRecord['types']): string {
  return JSON.stringify([...new Set(types)].sort());
}

export function subscriptionOf(
  row: Pick<SubscriptionRow, 'id' | 'tenant' | 'name' | 'types' | 'created_at'>,
): SubscriptionRecord {
  return {
    id: row.id,
    tenant: row.tenant === EVERY_TENANT ? null : row.tenant,
    name: row.name,
    types: JSON.parse(row.types),
    createdAt: row.created_at,
  };
}
