import type { ReportingAccount, UnmatchedPage, UnmatchedReportRecord } from '@posthorn/core';
import { all, first, insert, insertion, type Program, run, statement } from '../program.ts';
import type { UnmatchedReportRow } from './report-tables.ts';

const MOST = 10_000;
const KEPT_MS = 30 * 24 * 60 * 60 * 1000;

const insertUnmatched = insertion(
  'posthorn_unmatched_reports',
  ['account_tenant', 'account', 'id', 'received_at', 'report'],
  { keepExisting: true },
);

type OfAccount = { tenant: string; account: string };

/** The first of those that are too many. */
const firstBeyond = statement((db, p: OfAccount) =>
  db
    .selectFrom('posthorn_unmatched_reports')
    .select(['received_at', 'id'])
    .where('account_tenant', '=', p.tenant)
    .where('account', '=', p.account)
    .orderBy('received_at', 'desc')
    .orderBy('id', 'desc')
    .limit(1)
    .offset(MOST),
);

const dropFrom = statement((db, p: OfAccount & { receivedAt: number; id: string }) =>
  db
    .deleteFrom('posthorn_unmatched_reports')
    .where('account_tenant', '=', p.tenant)
    .where('account', '=', p.account)
    .where((it) => it(it.refTuple('received_at', 'id'), '<=', it.tuple(p.receivedAt, p.id))),
);

export function* keepUnmatched(
  { tenant, key: account }: ReportingAccount,
  reports: readonly UnmatchedReportRecord[],
  now: number,
): Program<void> {
  const values = reports.map(({ id, receivedAt, report }) => [
    tenant,
    account,
    id,
    receivedAt,
    JSON.stringify(report),
  ]);
  yield* insert(insertUnmatched, values);
  const tooMany = yield* first(firstBeyond, { tenant, account });
  // No id comes before the empty one: what is as old as that stays.
  const tooOld = { received_at: now - KEPT_MS, id: '' };
  const from = tooMany !== undefined && tooMany.received_at >= tooOld.received_at ? tooMany : tooOld;
  yield* run(dropFrom, { tenant, account, receivedAt: from.received_at, id: from.id });
}

export function* listUnmatched(
  { tenant, key }: ReportingAccount,
  page: UnmatchedPage,
): Program<readonly UnmatchedReportRecord[]> {
  return (yield* all(pageOf(page), { tenant, account: key })).map(unmatchedOf);
}

function pageOf({ limit, before }: UnmatchedPage) {
  return statement((db, p: { tenant: string; account: string }) => {
    let query = db
      .selectFrom('posthorn_unmatched_reports')
      .selectAll()
      .where('account_tenant', '=', p.tenant)
      .where('account', '=', p.account);
    if (before !== undefined) {
      query = query.where((it) =>
        it(it.refTuple('received_at', 'id'), '<', it.tuple(before.receivedAt, before.id)),
      );
    }
    return query.orderBy('received_at', 'desc').orderBy('id', 'desc').limit(limit);
  });
}

function unmatchedOf(row: UnmatchedReportRow): UnmatchedReportRecord {
  return {
    id: row.id,
    receivedAt: row.received_at,
    report: JSON.parse(row.report),
  };
}
