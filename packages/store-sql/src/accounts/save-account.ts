import type { AccountRecord } from '@posthorn/core';
import { first, insert, type Program, statement } from '../program.ts';
import { accountValues, insertAccount, pauseOf } from './account-row.ts';

export const deleteAccount = statement((db, p: { tenant: string; key: string }) =>
  db
    .deleteFrom('posthorn_accounts')
    .where('tenant', '=', p.tenant)
    .where('key', '=', p.key)
    .returning(['created_at', 'pause']),
);

export function* saveAccount(record: AccountRecord): Program<void> {
  const before = yield* first(deleteAccount, { tenant: record.tenant, key: record.key });
  const kept = before && { createdAt: before.created_at, pause: pauseOf(before.pause) };
  yield* insert(insertAccount, [accountValues({ ...record, ...kept })]);
}
