import { setImmediate } from 'node:timers/promises';
import { z } from 'zod';
import { checkInput } from '../check-input.ts';
import type { Context, Scope } from '../context.ts';
import { findPage } from './find-page.ts';
import { readWanted } from './read-wanted.ts';
import type { RecipientCountOptions } from './recipients.ts';

/** People read at once. */
const PAGE = 500;

const optionsSchema = z.strictObject({
  source: z.string(),
  where: z.unknown().optional(),
  signal: z.instanceof(AbortSignal, { message: 'must be an AbortSignal' }).optional(),
});

/** How many are meant. */
export async function countRecipients(
  context: Pick<Context, 'adapters' | 'clock' | 'open' | 'sources'>,
  scope: Scope,
  options: RecipientCountOptions,
): Promise<number> {
  const { signal, ...given } = checkInput(optionsSchema, options, 'count of recipients');
  const { wanted } = readWanted(context, scope, given);
  const opened = await context.open();
  let count = 0;
  let after: string | null = null;
  do {
    const page = await findPage(context, opened, scope, wanted, {
      after,
      limit: PAGE,
      withData: false,
      signal,
    });
    count += page.recipients.length;
    after = page.next;
    // A source in memory answers at once; the host's event loop gets its turn anyway.
    await setImmediate();
  } while (after !== null);
  return count;
}
