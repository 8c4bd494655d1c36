import type { Report, UnmatchedReportRecord } from '../ports/index.ts';
import { reportedId } from './reported-id.ts';
import { timeOf } from './reported-time.ts';

/**
 * A report that belongs to none of our messages, as it is kept for somebody to see. Without its token: of somebody else's
 * there is nothing to be seen in it.
 */
export function unmatchedOf({ token, ...report }: Report, receivedAt: number): UnmatchedReportRecord {
  const { type, providerId, address, occurredAt, failure, list, detail } = report;
  const said = [type, token, providerId, address, occurredAt, failure, list, detail];
  const at = timeOf(report, receivedAt);
  return { id: reportedId(occurredAt ?? 0, said), receivedAt, report: { ...report, occurredAt: at } };
}
