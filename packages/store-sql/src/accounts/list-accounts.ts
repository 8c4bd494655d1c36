import type { AccountRecord } from '@posthorn/core';
import { all, type Program, statement } from '../program.ts';
import { accountOf } from './account-row.ts';

const ofTenant = statement((db, p: { tenant: string }) =>
  db.selectFrom('posthorn_accounts').selectAll().where('tenant', '=', p.tenant).orderBy('key'),
);

export function* listAccounts(tenant: string): Program<readonly AccountRecord[]> {
  return (yield* all(ofTenant, { tenant })).map(accountOf);
}
