import type { RetentionRules } from '@posthorn/core';
import { all, type Program, run, statement } from '../program.ts';
import type { Portion } from './phase.ts';

const old = statement((db, p: { before: number; limit: number }) =>
  db
    .selectFrom('posthorn_unmatched_reports')
    .select(['account_tenant', 'account', 'id'])
    .where('received_at', '<', p.before)
    .orderBy('received_at')
    .limit(p.limit),
);

const drop = statement((db, p: { accountTenant: string; account: string; id: string }, dialect) =>
  db
    .deleteFrom('posthorn_unmatched_reports')
    .where('account_tenant', '=', p.accountTenant)
    .where('account', '=', p.account)
    .where('id', 'in', dialect.each(p.id)),
);

/** Those of accounts that nothing is reported to any more; of the others they go as new ones come. */
export function* dropUnmatched(
  { unmatchedBefore }: RetentionRules,
  _: unknown,
  limit: number,
): Program<Portion<true>> {
  const rows = yield* all(old, { before: unmatchedBefore, limit });
  const byAccount = Map.groupBy(rows, (row) => `${row.account_tenant}\n${row.account}`);
  for (const alike of byAccount.values()) {
    const [head] = alike;
    if (head === undefined) continue;
    const id = JSON.stringify(alike.map((row) => row.id));
    yield* run(drop, { accountTenant: head.account_tenant, account: head.account, id });
  }
  return { at: rows.length < limit ? null : true, looked: rows.length };
}
