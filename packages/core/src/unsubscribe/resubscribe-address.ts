import type { Context } from '../context.ts';
import { isReported } from '../suppressions/index.ts';
import type { UnsubscribeLink } from './read-link.ts';

/**
 * Undoes what the same link did; marks of other links, of people and providers, and for other reasons stay. Answers whether the address
 * is unsubscribed no more.
 */
export async function resubscribeAddress(
  { clock, live, open }: Pick<Context, 'clock' | 'live' | 'open'>,
  { subscription: { tenant, channel, addressKey, messageId } }: Pick<UnsubscribeLink, 'subscription'>,
): Promise<boolean> {
  const { suppressions } = (await open()).store;
  const marks = await suppressions.history(tenant, channel, addressKey);
  const mark = marks.find(({ reason, liftedAt }) => reason === 'unsubscribed' && liftedAt === null);
  if (mark === undefined) return true;
  const { message, broadcast } = mark.evidence;
  if (message !== messageId || isReported(mark.evidence)) return false;
  const lifted = { how: 'page', message: messageId };
  const now = clock.now();
  const [ended] = await suppressions.lift(tenant, channel, addressKey, lifted, now, 'unsubscribed');
  if (ended !== undefined) {
    live.emit('address.resubscribed', {
      tenant,
      channel,
      address: ended.address,
      messageId,
      broadcast: typeof broadcast === 'string' ? broadcast : null,
      at: new Date(now),
    });
  }
  return true;
}
