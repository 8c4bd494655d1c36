import { type CostEstimate, costOf } from '../accounts/index.ts';
import type { Context, Opened, Scope } from '../context.ts';
import { composeDrafts, type Draft, type Prepared } from '../messages/index.ts';
import type { Channel, MessageCost } from '../ports/index.ts';
import type { ResolvedRecipient } from '../recipients/index.ts';
import { renderedContent } from '../templates/index.ts';
import type { Counted } from './tally.ts';

/** Makes the messages of a page of recipients, and says what each of them costs. */
export type ComposePage = (
  recipients: readonly ResolvedRecipient[],
  signal: AbortSignal | null,
) => Promise<readonly Counted[]>;

export async function createPageComposer(
  context: Context,
  opened: Opened,
  scope: Scope,
  prepared: Prepared,
): Promise<ComposePage> {
  const estimates = new Map<Channel, CostEstimate>();
  for (const [channel, { account }] of prepared.senders) {
    const estimate = await costOf(context, opened, account);
    if (estimate !== null) estimates.set(channel, estimate);
  }
  const costOfDraft = ({ message: { channel, address }, skip, filled }: Draft): MessageCost | null => {
    const estimate = estimates.get(channel);
    if (estimate === undefined || skip !== null || address === null || filled.skeleton === null) return null;
    const content = renderedContent(filled.skeleton, filled.slots);
    return content.channel === 'internal' ? null : estimate({ to: address, text: content.text });
  };
  return async (recipients, signal) => {
    const drafts = await composeDrafts(context, opened, scope, prepared, recipients, {
      signal,
      unfit: 'skip',
    });
    return drafts.map((draft) => ({ draft, cost: costOfDraft(draft) }));
  };
}
