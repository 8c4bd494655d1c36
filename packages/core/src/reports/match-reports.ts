import { isReportedBy } from '../accounts/index.ts';
import { readReturnToken } from '../delivery/index.ts';
import type { LeftMessage, MessageHead, Report, ReportingAccount } from '../ports/index.ts';
import { findByAddress } from './find-by-address.ts';
import type { Match, Matching, Taken } from './match.ts';
import { readAddress } from './read-address.ts';

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
  const named = await namesOf(matching, reports);
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
      const message = byId.get(name.messageId);
      matches.push(message ? [{ message, attempt: name.attempt, byAddress: false }] : []);
    } else {
      matches.push(matchByProviderId(matching, report) ?? (await findByAddress(matching, report)));
    }
  }
  return matches;
}

/** What their tokens name. One after the other: all at once takes half as long again, measured. */
async function namesOf({ opened }: Matching, reports: readonly Report[]) {
  const names: Awaited<ReturnType<typeof readReturnToken>>[] = [];
  for (const { token } of reports) {
    names.push(token === null ? null : await readReturnToken(opened.keyring, token));
  }
  return names;
}

async function messagesById(
  matching: Matching,
  ids: readonly string[],
): Promise<ReadonlyMap<string, MessageHead>> {
  if (ids.length === 0) return new Map();
  const found = await matching.opened.store.reports.messages([...new Set(ids)]);
  const reporters = new Map<string, boolean>();
  const own = new Map<string, MessageHead>();
  for (const message of found) {
    if (await mayReport(matching, message, reporters)) own.set(message.id, message);
  }
  return own;
}

/** Also of an account that names this one as its reporter: only by our own token, which nobody makes up. */
async function mayReport(
  { account, context, opened }: Matching,
  message: MessageHead,
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
  const found = await opened.store.reports.byProviderIds(account, fresh, MAX_OF_PROVIDER_ID);
  const messages = Map.groupBy(found, ({ providerId }) => providerId);
  for (const id of fresh) byProviderId.set(id, takenOf(messages.get(id) ?? []));
}

function takenOf(messages: readonly LeftMessage[]): Taken {
  const byAddress = new Map<string, LeftMessage>();
  for (const left of messages) {
    const { channel, address } = left.message;
    const normalised = address === null ? null : readAddress(channel, address);
    if (normalised !== null) byAddress.set(normalised, left);
  }
  return { messages, byAddress };
}

/** One id may stand for all messages of a request: then the address says which. */
function matchByProviderId({ byProviderId }: Matching, report: Report): readonly Match[] | undefined {
  const { providerId, address } = report;
  const taken = providerId === null ? undefined : byProviderId.get(providerId);
  const [first, second] = taken?.messages ?? [];
  if (taken === undefined || first === undefined) return undefined;
  const normalised = address === null ? null : readAddress(first.message.channel, address);
  const one = second === undefined ? first : taken.byAddress.get(normalised ?? '');
  return one === undefined ? [] : [{ message: one.message, attempt: one.attempt, byAddress: false }];
}

function leftBy({ tenant, key }: ReportingAccount, message: MessageHead): boolean {
  return message.account === key && message.accountTenant === tenant;
}
