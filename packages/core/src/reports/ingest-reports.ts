import type { Context } from '../context.ts';
import type { MessageRecord, Report, ReportedFact, ReportingAccount } from '../ports/index.ts';
import { cleanReport } from './clean-report.ts';
import type { Matching } from './match.ts';
import { matchReports } from './match-reports.ts';
import { publishSettled } from './publish-settled.ts';
import { factOf } from './reported-fact.ts';
import { keepUnmatched } from './unmatched-report.ts';

/** What became of reports; each is counted once. */
export interface IngestResult {
  readonly applied: number;
  /** Known already. */
  readonly repeated: number;
  /** About none of the account's messages: kept, and changed nothing. */
  readonly unmatched: number;
}

/** How many are written in one transaction: others want to write, too. */
const SLICE = 100;
/** Addresses that may be looked for in one call, for reports that name no message. */
const MAX_LOOKUPS = 20_000;

/**
 * Takes what an account's provider reports: events, and with them outcomes, flags and suppressions. The caller has proven
 * that it comes from the provider. Resolves once everything is on disk; what is done twice changes nothing.
 *
 * @throws StoreError; what was done before stays, and is repeated without harm.
 */
export async function ingestReports(
  context: Context,
  account: ReportingAccount,
  reports: readonly Report[],
  receivedAt: number,
): Promise<IngestResult> {
  const opened = await context.open();
  const matching: Matching = {
    account,
    opened,
    context,
    receivedAt,
    byProviderId: new Map(),
    tenants: null,
    lookups: MAX_LOOKUPS,
  };
  const unmatched: Report[] = [];
  let applied = 0;
  for (let from = 0; from < reports.length; from += SLICE) {
    const slice = reports.slice(from, from + SLICE).map(cleanReport);
    const result = await ingestSlice(context, matching, slice);
    applied += result.applied;
    unmatched.push(...result.unmatched);
  }
  if (unmatched.length > 0) await keepUnmatched(opened, account, unmatched, receivedAt);
  return { applied, repeated: reports.length - applied - unmatched.length, unmatched: unmatched.length };
}

interface SliceResult {
  readonly applied: number;
  readonly unmatched: readonly Report[];
}

/** A fact, with the place of the report in its slice and the message that it is about. */
interface Placed {
  readonly place: number;
  readonly message: MessageRecord;
  readonly fact: ReportedFact;
}

async function ingestSlice(
  context: Context,
  matching: Matching,
  reports: readonly Report[],
): Promise<SliceResult> {
  const matches = await matchReports(matching, reports);
  const placed = reports.flatMap((report, place) =>
    (matches[place] ?? []).map((match): Placed => {
      return { place, message: match.message, fact: factOf(report, match, matching.receivedAt) };
    }),
  );
  const facts = placed.map(({ fact }) => fact);
  const results = facts.length > 0 ? await matching.opened.store.reports.settle(facts) : [];
  const applied = new Set<number>();
  const matched = new Set<number>();
  for (const [index, { place, message, fact }] of placed.entries()) {
    const result = results[index];
    if (result === undefined || result.status === 'missing') continue;
    matched.add(place);
    if (result.status === 'applied') applied.add(place);
    publishSettled(context, message, fact, result);
  }
  return { applied: applied.size, unmatched: reports.filter((_, place) => !matched.has(place)) };
}
