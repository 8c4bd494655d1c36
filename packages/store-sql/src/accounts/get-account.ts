import type { AccountRecord } from '@posthorn/core';
import { first, type Program, statement } from '../program.ts';
import { accountOf } from './account-row.ts';

export const accountByKey = statement((db, p: { tenant: string; key: string }) =>
  db.selectFrom('posthorn_accounts').selectAll().where('tenant', '=', p.tenant).where('key', '=', p.key),
);

export function* getAccount(tenant: string, key: string): Program<AccountRecord | undefined> {
  const row = yield* first(accountByKey, { tenant, key });
  return row && accountOf(row);
}
