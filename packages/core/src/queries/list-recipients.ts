import { z } from 'zod';
import { checkInput } from '../check-input.ts';
import type { Context, Scope } from '../context.ts';
import { decodePlace, encodePlace, type Page } from '../cursor.ts';
import { type ParsedAddress, type ResolvedRecipient, readPhones } from '../recipients/index.ts';
import { findPage } from './find-page.ts';
import { readWanted } from './read-wanted.ts';
import type { FoundPerson, RecipientListOptions } from './recipients.ts';

const optionsSchema = z.strictObject({
  source: z.string(),
  where: z.unknown().optional(),
  limit: z.int().min(1).max(500).default(50),
  cursor: z.string().optional(),
  signal: z.instanceof(AbortSignal, { message: 'must be an AbortSignal' }).optional(),
});

/** One page of those who are meant. */
export async function listRecipients(
  context: Pick<Context, 'adapters' | 'clock' | 'open' | 'sources'>,
  scope: Scope,
  options: RecipientListOptions,
): Promise<Page<FoundPerson>> {
  const { limit, cursor, signal, ...given } = checkInput(optionsSchema, options, 'list of recipients');
  const { wanted } = readWanted(context, scope, given);
  const opened = await context.open();
  // What is meant by `today` belongs to it: tomorrow it is another list.
  const { where, probes, rest } = wanted.query;
  const filter = { list: 'recipients', source: wanted.source, where, probes, rest };
  const after = cursor === undefined ? null : await decodePlace(opened.keyring, scope.tenant, filter, cursor);
  const page = await findPage(context, opened, scope, wanted, { after, limit, withData: false, signal });
  const phones = await readPhones(context, scope, page.recipients);
  return {
    items: page.recipients.map((recipient, index) =>
      personOf(wanted.source, recipient, phones[index] ?? null),
    ),
    next: page.next === null ? null : await encodePlace(opened.keyring, scope.tenant, filter, page.next),
  };
}

function personOf(
  source: string,
  { recipient, name, email, locale }: ResolvedRecipient,
  phone: ParsedAddress | null,
): FoundPerson {
  return { source, id: recipient?.id ?? '', name, email: shown(email), phone: shown(phone), locale };
}

function shown(parsed: ParsedAddress | null): string | null {
  if (parsed === null) return null;
  return parsed.ok ? parsed.address : parsed.given;
}
