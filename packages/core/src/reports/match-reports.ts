import { isReportedBy } from '../accounts/index.ts';
import { readReturnToken } from '../delivery/index.ts';
import type { MessageRecord, Report, ReportingAccount, StoredMessage } from '../ports/index.ts';
import { findByAddress } from './find-by-address.ts';
import type { Match, Matching } from './match.ts';
import { sameAddress } from './same-address.ts';

/** One request carries a thousand messages, and has one id. */
const MAX_OF_PROVIDER_ID = 2_000;

/**
 * What each report is about, in order; nothing where it is about none of our messages: by the token that we sent along,
 * by the provider's own id, by address and time. A report touches only messages that left by its account, or by one that
 * names it.
 */
export async function matchReports(
  matching: Matching,
  reports: readonly Report[],
): Promise<readonly (readonly Match[])[]> {
  const named = await Promise.all(reports.map(({ token }) => readToken(matching, token)));
  const byId = await messagesById(
    matching,
    named.flatMap((it) => (it === null ? [] : [it.messageId])),
  );
  const unnamed = reports.filter((_, index) => named[index] === null);
  await lookUpProviderIds(matching, unnamed);
  const matches: (readonly Match[])[] = [];
  for (const [index, report] of reports.entries()) {
    const name = named[index];
    if (name) {
      const stored = byId.get(name.messageId);
      matches.push(stored ? [{ message: stored.message, attempt: name.attempt, byAddress: false }] : []);
    } else {
      matches.push(matchByProviderId(matching, report) ?? (await findByAddress(matching, report)));
    }
  }
  return matches;
}

async function readToken({ opened }: Matching, token: string | null) {
  return token === null ? null : readReturnToken(opened.keyring, token);
}

async function messagesById(
  matching: Matching,
  ids: readonly string[],
): Promise<ReadonlyMap<string, StoredMessage>> {
  if (ids.length === 0) return new Map();
  const found = await matching.opened.store.reports.messages([...new Set(ids)]);
  const reporters = new Map<string, boolean>();
  const own = new Map<string, StoredMessage>();
  for (const stored of found) {
    if (await mayReport(matching, stored.message, reporters)) own.set(stored.message.id, stored);
  }
  return own;
}

/** Also of an account that names this one as its reporter: only by our own token, which nobody makes up. */
async function mayReport(
  { account, context, opened }: Matching,
  message: MessageRecord,
  known: Map<string, boolean>,
): Promise<boolean> {
  if (leftBy(account, message)) return true;
  const { account: key, accountTenant: tenant } = message;
  if (key === null || tenant !== account.tenant) return false;
  const may = known.get(key) ?? (await isReportedBy(context, opened, { tenant, key }, account.key));
  known.set(key, may);
  return may;
}

async function lookUpProviderIds(matching: Matching, reports: readonly Report[]): Promise<void> {
  const { byProviderId, opened, account } = matching;
  const asked = new Set(reports.map(({ providerId }) => providerId).filter((id) => id !== null));
  const fresh = [...asked].filter((id) => !byProviderId.has(id));
  if (fresh.length === 0) return;
  for (const id of fresh) byProviderId.set(id, []);
  const found = await opened.store.reports.byProviderIds(fresh, MAX_OF_PROVIDER_ID);
  const own = found.filter(({ message }) => leftBy(account, message));
  for (const [id, messages] of Map.groupBy(own, ({ providerId }) => providerId))
    byProviderId.set(id, messages);
}

/** One id may stand for all messages of a request: then the address says which. */
function matchByProviderId({ byProviderId }: Matching, report: Report): readonly Match[] | undefined {
  const { providerId, address } = report;
  const all = (providerId !== null && byProviderId.get(providerId)) || [];
  const [first] = all;
  if (first === undefined) return undefined;
  const one = all.length === 1 ? first : all.find(({ message }) => sameAddress(message, address));
  return one === undefined ? [] : [{ message: one.message, attempt: one.attempt, byAddress: false }];
}

function leftBy({ tenant, key }: ReportingAccount, message: MessageRecord): boolean {
  return message.account === key && message.accountTenant === tenant;
}
