import type { Context } from '../context.ts';
import type { UnsubscribeLink } from './read-link.ts';

/**
 * Undoes what the same link did; marks of other links, of people and for other reasons stay. Answers whether the address
 * is unsubscribed no more.
 */
export async function resubscribeAddress(
  { clock, open }: Pick<Context, 'clock' | 'open'>,
  { subscription: { tenant, channel, addressKey, messageId } }: Pick<UnsubscribeLink, 'subscription'>,
): Promise<boolean> {
  const { suppressions } = (await open()).store;
  const marks = await suppressions.history(tenant, channel, addressKey);
  const mark = marks.find(({ reason, liftedAt }) => reason === 'unsubscribed' && liftedAt === null);
  if (mark === undefined) return true;
  if (mark.evidence.message !== messageId) return false;
  const lifted = { how: 'page', message: messageId };
  await suppressions.lift(tenant, channel, addressKey, lifted, clock.now(), 'unsubscribed');
  return true;
}
