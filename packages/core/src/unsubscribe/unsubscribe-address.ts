import type { Context } from '../context.ts';
import { newId } from '../ids.ts';
import { normaliseAddress } from '../recipients/index.ts';
import { isReported } from '../suppressions/index.ts';
import type { UnsubscribeLink } from './read-link.ts';

/** `one-click`: the mail program did it for its reader. `page`: the reader pressed the button. */
export type UnsubscribedHow = 'one-click' | 'page';

/**
 * Marks the address as `unsubscribed`; doing it again changes nothing. Answers whether the mark in force was made by this
 * very link, which can then undo it.
 */
export async function unsubscribeAddress(
  { clock, live, open }: Pick<Context, 'clock' | 'live' | 'open'>,
  { subscription, message }: UnsubscribeLink,
  how: UnsubscribedHow,
): Promise<boolean> {
  const { store } = await open();
  const { tenant, channel, addressKey, messageId } = subscription;
  const address = message?.address ?? null;
  const broadcast = message?.broadcast ?? null;
  const id = newId(clock);
  const now = clock.now();
  const mark = await store.suppressions.add({
    tenant,
    id,
    channel,
    addressKey,
    address: address === null ? null : normaliseAddress(channel, address),
    reason: 'unsubscribed',
    evidence: { how, message: messageId, ...(broadcast === null ? {} : { broadcast }) },
    createdAt: now,
    liftedAt: null,
    lifted: null,
  });
  if (mark.id === id) {
    const event = { tenant, channel, address: mark.address, messageId, broadcast, at: new Date(now) };
    live.emit('address.unsubscribed', event);
  }
  return mark.evidence.message === messageId && !isReported(mark.evidence);
}
