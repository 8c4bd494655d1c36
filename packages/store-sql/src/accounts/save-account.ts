import type { AccountRecord } from '@posthorn/core';
import { openAgain } from '../limits/account-limits.ts';
import { lock, setUpOf } from '../locks.ts';
import { first, insert, type Program, statement } from '../program.ts';
import { accountValues, insertAccount, limitsText, pauseOf } from './account-row.ts';

export const deleteAccount = statement((db, p: { tenant: string; key: string }) =>
  db
    .deleteFrom('posthorn_accounts')
    .where('tenant', '=', p.tenant)
    .where('key', '=', p.key)
    .returning(['created_at', 'pause', 'limits']),
);

export function* saveAccount(record: AccountRecord): Program<void> {
  yield* lock(setUpOf(record.tenant));
  const before = yield* first(deleteAccount, { tenant: record.tenant, key: record.key });
  const kept = before && { createdAt: before.created_at, pause: pauseOf(before.pause) };
  yield* insert(insertAccount, [accountValues({ ...record, ...kept })]);
  if (before && before.limits !== limitsText(record.limits)) yield* openAgain(record.tenant, record.key);
}
