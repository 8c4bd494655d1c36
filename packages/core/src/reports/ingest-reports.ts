import type { Context } from '../context.ts';
import type { MessageHead, Report, ReportedFact, ReportingAccount } from '../ports/index.ts';
import { cleanReport } from './clean-report.ts';
import type { Matching } from './match.ts';
import { matchReports } from './match-reports.ts';
import { publishSettled } from './publish-settled.ts';
import { factOf } from './reported-fact.ts';
import { unmatchedOf } from './unmatched-report.ts';

/** How many are written in one transaction: others want to write, too. */
const SLICE = 200;
/** Addresses that may be looked for in one call, for reports that name no message. */
const MAX_LOOKUPS = 20_000;

/**
 * Takes what an account's provider reports: events, and with them outcomes, flags and suppressions; what is about none of
 * the account's messages is kept apart. The caller has proven that it comes from the provider. Resolves once everything is
 * on disk; what is done twice changes nothing.
 *
 * @throws StoreError; what was done before stays, and is repeated without harm.
 */
export async function ingestReports(
  context: Context,
  account: ReportingAccount,
  reports: readonly Report[],
  receivedAt: number,
): Promise<void> {
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
  for (let from = 0; from < reports.length; from += SLICE) {
    await ingestSlice(context, matching, reports.slice(from, from + SLICE).map(cleanReport));
  }
}

/** A fact, with the place of the report in its slice and the message that it is about. */
interface Placed {
  readonly place: number;
  readonly message: MessageHead;
  readonly fact: ReportedFact;
}

async function ingestSlice(context: Context, matching: Matching, reports: readonly Report[]): Promise<void> {
  const { account, opened, receivedAt } = matching;
  const matches = await matchReports(matching, reports);
  const placed = reports.flatMap((report, place) =>
    (matches[place] ?? []).map((match): Placed => {
      return { place, message: match.message, fact: factOf(report, match, receivedAt) };
    }),
  );
  const facts = placed.map(({ fact }) => fact);
  const results = facts.length > 0 ? await opened.store.reports.settle(facts) : [];
  const matched = new Set<number>();
  for (const [index, { place, message, fact }] of placed.entries()) {
    const result = results[index];
    if (result === undefined || result.status === 'missing') continue;
    matched.add(place);
    publishSettled(context, message, fact, result);
  }
  const unmatched = reports.filter((_, place) => !matched.has(place));
  if (unmatched.length === 0) return;
  const rows = unmatched.map((report) => unmatchedOf(report, receivedAt));
  await opened.store.reports.keepUnmatched(account, rows, receivedAt);
}
