import type { Context, Opened, Scope } from '../context.ts';
import { composeDrafts, type Draft, type Prepared } from '../messages/index.ts';
import type { MessageCost } from '../ports/index.ts';
import type { ResolvedRecipient } from '../recipients/index.ts';
import { renderedContent } from '../templates/index.ts';
import { withExampleLink } from '../unsubscribe/index.ts';
import type { Counted } from './tally.ts';

/** Makes the messages of a page of recipients, and says what each of them costs. */
export async function composePage(
  context: Context,
  opened: Opened,
  scope: Scope,
  prepared: Prepared,
  recipients: readonly ResolvedRecipient[],
  signal: AbortSignal | null,
): Promise<readonly Counted[]> {
  const drafts = await composeDrafts(context, opened, scope, prepared, recipients, { signal, unfit: 'skip' });
  return drafts.map((draft) => ({ draft, cost: costOf(context, prepared, draft) }));
}

function costOf(
  context: Context,
  { senders }: Prepared,
  { message: { channel, from, address }, skip, filled: { skeleton, slots } }: Draft,
): MessageCost | null {
  const estimate = senders.get(channel)?.estimate ?? null;
  if (estimate === null || skip !== null || address === null || skeleton === null) return null;
  const content = renderedContent(skeleton, withExampleLink(context, channel, slots));
  if (content.channel === 'internal') return null;
  return estimate({ from: from.address, to: address, text: content.text });
}
