import type { Opened } from '../context.ts';
import type { Report, ReportingAccount, UnmatchedReportRecord } from '../ports/index.ts';
import { reportedId } from './reported-id.ts';
import { timeOf } from './reported-time.ts';

const SLICE = 500;

/** Keeps what belongs to none of our messages, so that somebody can see it. */
export async function keepUnmatched(
  { store }: Opened,
  account: ReportingAccount,
  reports: readonly Report[],
  receivedAt: number,
): Promise<void> {
  for (let from = 0; from < reports.length; from += SLICE) {
    const rows = reports.slice(from, from + SLICE).map((report) => unmatchedOf(report, receivedAt));
    await store.reports.keepUnmatched(account, rows, receivedAt);
  }
}

/** Without its token: of somebody else's there is nothing to be seen in it. */
function unmatchedOf({ token, ...report }: Report, receivedAt: number): UnmatchedReportRecord {
  const { at, isOwn } = timeOf(report, receivedAt);
  const { type, providerId, address, failure, list, detail } = report;
  const said = [type, token, providerId, address, isOwn ? at : null, failure, list, detail];
  return { id: reportedId(isOwn ? at : 0, said), receivedAt, report: { ...report, occurredAt: at } };
}
