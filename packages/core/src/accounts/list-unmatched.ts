import { z } from 'zod';
import { checkInput } from '../check-input.ts';
import type { Context } from '../context.ts';
import { decodeCursor, encodeCursor, type Page } from '../cursor.ts';
import { failureOf, type MessageFailure } from '../events/index.ts';
import type { JsonObject, ReportingAccount, ReportType, UnmatchedReportRecord } from '../ports/index.ts';

/** Something an account's provider reported that belongs to no message which left by the account. */
export interface UnmatchedReport {
  readonly id: string;
  /** An outcome, something a person or a machine did, or `other`: something that we do not know. */
  readonly type: ReportType;
  /** Whom it is about, as the provider writes it. */
  readonly address: string | null;
  /** The provider's own id of the message. */
  readonly providerId: string | null;
  /** When it happened, as the provider says. */
  readonly at: Date;
  readonly receivedAt: Date;
  readonly failure: MessageFailure | null;
  /** The provider's name of the list that somebody left or joined. */
  readonly list: string | null;
  /** What else the provider says: `provider` is its own word for what happened. */
  readonly detail: JsonObject;
}

/** What `accounts.unmatchedReports` answers. */
export interface UnmatchedListOptions {
  /** 1 to 500; 50 where nothing is said. */
  readonly limit?: number | undefined;
  /** `next` of the page before. */
  readonly cursor?: string | undefined;
}

const optionsSchema = z.strictObject({
  limit: z.int().min(1).max(500).default(50),
  cursor: z.string().optional(),
});

/** One page of those of an account, newest first. */
export async function listUnmatched(
  context: Pick<Context, 'open'>,
  { tenant, key }: ReportingAccount,
  options: UnmatchedListOptions = {},
): Promise<Page<UnmatchedReport>> {
  const { limit, cursor } = checkInput(optionsSchema, options, 'list of unmatched reports');
  const { store, keyring } = await context.open();
  const filter = { list: 'unmatched', account: key };
  const before = cursor === undefined ? undefined : await decodeCursor(keyring, tenant, filter, cursor);
  // One more than asked for says whether there is another page.
  const page = before && { before: { receivedAt: before.createdAt, id: before.id } };
  const rows = await store.reports.unmatched({ tenant, key }, { limit: limit + 1, ...page });
  const last = rows.length > limit ? rows[limit - 1] : undefined;
  const place = last && { createdAt: last.receivedAt, id: last.id };
  return {
    items: rows.slice(0, limit).map(viewOf),
    next: place === undefined ? null : await encodeCursor(keyring, tenant, filter, place),
  };
}

function viewOf({ id, receivedAt, report }: UnmatchedReportRecord): UnmatchedReport {
  const { type, address, providerId, occurredAt, failure, list, detail } = report;
  return {
    id,
    type,
    address,
    providerId,
    at: new Date(occurredAt),
    receivedAt: new Date(receivedAt),
    failure: failureOf(failure),
    list,
    detail,
  };
}
