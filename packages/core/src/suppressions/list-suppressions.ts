import { z } from 'zod';
import { checkInput } from '../check-input.ts';
import type { Context } from '../context.ts';
import { decodeCursor, encodeCursor, type Page } from '../cursor.ts';
import { type Suppression, type SuppressionListOptions, suppressionOf } from './suppression.ts';

const optionsSchema = z.strictObject({
  channel: z.enum(['email', 'sms']).optional(),
  limit: z.int().min(1).max(500).default(50),
  cursor: z.string().optional(),
});

/** One page of those in force, newest first. */
export async function listSuppressions(
  context: Pick<Context, 'open'>,
  tenant: string,
  options: SuppressionListOptions = {},
): Promise<Page<Suppression>> {
  const { channel, limit, cursor } = checkInput(optionsSchema, options, 'list of suppressions');
  const { store, keyring } = await context.open();
  const filter = { list: 'suppressions', channel };
  const before = cursor === undefined ? undefined : await decodeCursor(keyring, tenant, filter, cursor);
  // One more than asked for says whether there is another page.
  const rows = await store.suppressions.list(tenant, channel, {
    limit: limit + 1,
    ...(before === undefined ? {} : { before }),
  });
  const items = rows.slice(0, limit);
  const last = rows.length > limit ? items.at(-1) : undefined;
  return {
    items: items.map(suppressionOf),
    next: last === undefined ? null : await encodeCursor(keyring, tenant, filter, last),
  };
}
