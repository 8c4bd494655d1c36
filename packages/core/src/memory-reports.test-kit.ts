import type { ReportingAccount, ReportStore, UnmatchedReportRecord } from './ports/index.ts';

/** By account; of messages a store in memory knows none, so every report is unmatched. */
export type UnmatchedRows = Map<string, Map<string, UnmatchedReportRecord>>;

export function reportStore(unmatched: UnmatchedRows): ReportStore {
  const of = ({ tenant, key }: ReportingAccount) => {
    const rows = unmatched.get(`${key}~${tenant}`) ?? new Map<string, UnmatchedReportRecord>();
    unmatched.set(`${key}~${tenant}`, rows);
    return rows;
  };
  return {
    messages: async () => [],
    byProviderIds: async () => [],
    tenants: async () => [],
    latestTo: async () => [],
    settle: async () => [],
    async keepUnmatched(account, reports) {
      for (const report of reports) if (!of(account).has(report.id)) of(account).set(report.id, report);
    },
    unmatched: async (account, { limit, before }) =>
      [...of(account).values()]
        .sort((a, b) => b.receivedAt - a.receivedAt || (a.id < b.id ? 1 : -1))
        .filter(
          (row) =>
            before === undefined ||
            row.receivedAt < before.receivedAt ||
            (row.receivedAt === before.receivedAt && row.id < before.id),
        )
        .slice(0, limit),
  };
}
