import type { AddressReportRecord, SuppressionRecord } from '../ports/index.ts';

/**
 * What an address is unsubscribed by, of all that was reported of it; null where it is not. The order in which reports
 * arrive, and how often, changes nothing.
 *
 * The last word about a list holds, and the last about everything. Joining a list again ends no refusal of everything;
 * joining everything again (`START`) ends those of lists too. Of two words of one instant the refusal holds.
 */
export function unsubscribedBy(reports: readonly AddressReportRecord[]): AddressReportRecord | null {
  const byList = Map.groupBy(
    reports.filter(({ type }) => type !== 'complained'),
    ({ list }) => list,
  );
  const lastOf = (list: string | null) => (byList.get(list) ?? []).reduce(later, null);
  const ofEverything = lastOf(null);
  if (ofEverything?.type === 'unsubscribed') return ofEverything;
  const refused = [...byList.keys()]
    .map((list) => (list === null ? null : lastOf(list)))
    .filter((last) => last?.type === 'unsubscribed' && later(ofEverything, last) === last);
  return refused.reduce((one, other) => (other === null ? one : later(one, other)), null);
}

/**
 * The reports that still count where people have decided meanwhile: whoever lifted a mark by hand, or on our own page, knew
 * of all that was said before.
 */
export function reportsSince(
  reports: readonly AddressReportRecord[],
  history: readonly SuppressionRecord[],
): readonly AddressReportRecord[] {
  return reports.filter(({ type, occurredAt }) => {
    const reason = type === 'complained' ? 'complained' : 'unsubscribed';
    return !history.some(
      (mark) =>
        mark.reason === reason &&
        mark.liftedAt !== null &&
        mark.liftedAt >= occurredAt &&
        !isReported(mark.lifted),
    );
  });
}

/** Whether a mark was made, or ended, by what a provider reported: by hand and on our own page it says something else. */
export function isReported(evidence: SuppressionRecord['lifted']): boolean {
  return evidence?.how === 'provider' || evidence?.how === 'reply';
}

function later(one: AddressReportRecord | null, other: AddressReportRecord): AddressReportRecord {
  if (one === null) return other;
  if (one.occurredAt !== other.occurredAt) return one.occurredAt > other.occurredAt ? one : other;
  if (one.type !== other.type) return one.type === 'unsubscribed' ? one : other;
  return one.id > other.id ? one : other;
}
