import type { AccountRecord } from '@posthorn/core';
import { type SqlBool, sql } from 'kysely';
import { all, first, type Program, statement } from '../program.ts';
import { accountOf } from './account-row.ts';

const sealedWithAnother = statement((db, p: { prefix: string; limit: number }) =>
  db
    .selectFrom('posthorn_accounts')
    .selectAll()
    .where('sealed_secrets', 'is not', null)
    .where(sql<SqlBool>`substr(sealed_secrets, 1, length(${p.prefix})) <> ${p.prefix}`)
    .orderBy('tenant')
    .orderBy('key')
    .limit(p.limit),
);

const replaceSecrets = statement((db, p: { tenant: string; key: string; before: string; after: string }) =>
  db
    .updateTable('posthorn_accounts')
    .set({ sealed_secrets: p.after })
    .where('tenant', '=', p.tenant)
    .where('key', '=', p.key)
    .where('sealed_secrets', '=', p.before)
    .returning('key'),
);

/** A sealed text names its key in front: `v1.<keyId>.…`. */
export function* accountsSealedWithout(keyId: string, limit: number): Program<readonly AccountRecord[]> {
  return (yield* all(sealedWithAnother, { prefix: `v1.${keyId}.`, limit })).map(accountOf);
}

export function* resealAccount(tenant: string, key: string, before: string, after: string): Program<boolean> {
  return (yield* first(replaceSecrets, { tenant, key, before, after })) !== undefined;
}
