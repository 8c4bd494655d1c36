import { PLATFORM_TENANT } from '../context.ts';
import type { Channel, LeftMessage, Report } from '../ports/index.ts';
import { addressKeyOf } from '../suppressions/index.ts';
import type { Match, Matching } from './match.ts';
import { readAddress } from './read-address.ts';
import { timeOf } from './reported-time.ts';

/** Nothing is reported so late that knows neither the message nor the provider's id. */
const MAX_AGE_MS = 30 * 24 * 60 * 60 * 1000;
const PAGE = 200;

/**
 * By recipient, account and time: the latest message that left for the address. Where the provider's id says that it is
 * another one (somebody else sends by the same account), it is not.
 *
 * A word about everything (`STOP`) is for each tenant that has written to the address by the account.
 */
export async function findByAddress(matching: Matching, report: Report): Promise<readonly Match[]> {
  const { address, providerId } = report;
  // With a token that is not ours somebody else wrote it; a list is of somebody whom we cannot name.
  if (address === null || report.token !== null || report.list !== null) return [];
  const toAll = report.type === 'unsubscribed' || report.type === 'resubscribed';
  const at = timeOf(report, matching.receivedAt);
  const found = await latestTo(matching, address, at, toAll);
  if (toAll) return found.map(matchOf);
  const possible = found
    .filter(({ message }) => message.createdAt >= at - MAX_AGE_MS)
    .filter((one) => one.providerId === null || providerId === null);
  const [latest] = possible.sort((a, b) => b.message.createdAt - a.message.createdAt);
  return latest === undefined ? [] : [matchOf(latest)];
}

function matchOf({ message, attempt }: LeftMessage): Match {
  return { message, attempt, byAddress: true };
}

/** Of each tenant that may have written there; of one word alone never more than may be looked for in a call. */
async function latestTo(matching: Matching, address: string, before: number, toAll: boolean) {
  const { account, opened } = matching;
  const channel = await channelOf(matching);
  const normalised = channel && readAddress(channel, address);
  if (!channel || !normalised) return [];
  const tenants = await tenantsOf(matching);
  if (!toAll && tenants.length > matching.lookups) return [];
  if (!toAll) matching.lookups -= tenants.length;
  const found: (LeftMessage & { readonly providerId: string | null })[] = [];
  for (let from = 0; from < tenants.length; from += PAGE) {
    const addresses: { tenant: string; addressKey: string }[] = [];
    for (const tenant of tenants.slice(from, from + PAGE)) {
      addresses.push({ tenant, addressKey: await addressKeyOf(opened, tenant, channel, normalised) });
    }
    found.push(...(await opened.store.reports.latestTo(account, addresses, before)));
  }
  return found;
}

/** By the platform's account every tenant may have written. */
async function tenantsOf(matching: Matching): Promise<readonly string[]> {
  const { account, opened } = matching;
  if (account.tenant !== PLATFORM_TENANT) return [account.tenant];
  if (matching.tenants !== null) return matching.tenants;
  const tenants: string[] = [];
  for (;;) {
    const after = tenants.at(-1) ?? null;
    const page = await opened.store.reports.tenants({ limit: PAGE, after });
    tenants.push(...page);
    if (page.length < PAGE) break;
  }
  matching.tenants = tenants;
  return tenants;
}

async function channelOf({ account, context, opened }: Matching): Promise<Channel | undefined> {
  if (account.tenant === PLATFORM_TENANT) return context.adapters.get(account.key)?.channel;
  return (await opened.store.accounts.get(account.tenant, account.key))?.channel;
}
