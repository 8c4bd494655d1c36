import type { Context, Opened, Scope } from '../context.ts';
import { askForData, createRowResolver, type ResolvedRecipient } from '../recipients/index.ts';
import { untilAborted } from '../until-aborted.ts';
import { type AddressKind, type HealthStatus, healthOf } from './address-health.ts';
import { type AskedPage, askPage } from './ask-page.ts';
import { askableSource } from './askable-source.ts';
import type { CheckedQuery } from './checked-query.ts';
import { addressesOf, decide, type Rest } from './split-health.ts';

/** Whom a page is about. */
export interface WantedRecipients {
  /** Key of the source. */
  readonly source: string;
  readonly query: CheckedQuery;
}

/** Which page. */
export interface PageOptions extends AskedPage {
  /** Whether the source is asked for tag values. */
  readonly withData: boolean;
}

/** Found recipients, ready to be written to. */
export interface RecipientPage {
  readonly recipients: readonly ResolvedRecipient[];
  /** `after` of the page that follows; null where there is none. */
  readonly next: string | null;
}

/**
 * One page of those whom a query finds, in the source's order. Where the query asks about the health of addresses, a page
 * may hold fewer than its limit, even none, while there is a next one.
 *
 * @throws ConfigurationError `invalid_input` where the source does not keep its contract.
 * @throws as `askableSource`; what the source itself throws; the signal's reason.
 */
export async function findPage(
  context: Pick<Context, 'adapters' | 'sources'>,
  opened: Opened,
  scope: Scope,
  { source: key, query }: WantedRecipients,
  page: PageOptions,
): Promise<RecipientPage> {
  const source = askableSource(context, scope, key, 'to.source');
  const { where, probes, rest } = query;
  const { rows, next } = await askPage(source, scope, { where, probes }, page);
  const resolve = createRowResolver(scope);
  const found = rows.map(({ id, row }) => resolve({ source: key, id }, 'to', row, {}));
  const recipients =
    rest === null
      ? found
      : await decideAll(
          context,
          opened,
          scope,
          rest,
          found,
          rows.map((row) => row.probes),
        );
  if (!page.withData) return { recipients, next };
  const ids = recipients.map(({ recipient }) => recipient?.id ?? '');
  const asking = askForData(source, ids, { tenant: scope.tenant, scoped: scope.scoped });
  const data = await (page.signal === undefined ? asking : untilAborted(asking, page.signal));
  return {
    recipients: recipients.map((one, index) => ({ ...one, data: data.get(ids[index] ?? '') ?? {} })),
    next,
  };
}

/** Those of them of whom the rest of the query is true. */
async function decideAll(
  context: Pick<Context, 'adapters'>,
  opened: Opened,
  scope: Scope,
  rest: Rest,
  found: readonly ResolvedRecipient[],
  probes: readonly (readonly boolean[])[],
): Promise<readonly ResolvedRecipient[]> {
  const known = new Map<AddressKind, readonly HealthStatus[]>();
  for (const address of addressesOf(rest))
    known.set(address, await healthOf(context, opened, scope, address, found));
  return found.filter((_, index) =>
    decide(rest, (address) => known.get(address)?.[index], probes[index] ?? []),
  );
}
