import type { Context } from '../context.ts';
import type { MessageHead } from '../ports/index.ts';
import { readShortToken, SHORT_TOKEN_LENGTH } from './short-token.ts';
import { subscriptionOf } from './unsubscribe-link.ts';
import { readUnsubscribeToken, type Subscription } from './unsubscribe-token.ts';

/** What a link says, proven to be ours. */
export interface UnsubscribeLink {
  readonly subscription: Subscription;
  /** Null once it, or its address, is not there any more: the link works all the same. */
  readonly message: MessageHead | null;
}

/** The link that ends in this token; null where we did not write it, or nobody can unsubscribe by it. */
export async function readLink(
  context: Pick<Context, 'open'>,
  token: string,
): Promise<UnsubscribeLink | null> {
  return token.length === SHORT_TOKEN_LENGTH ? readShortLink(context, token) : readLongLink(context, token);
}

async function readLongLink({ open }: Pick<Context, 'open'>, token: string): Promise<UnsubscribeLink | null> {
  const { store, keyring } = await open();
  const subscription = await readUnsubscribeToken(keyring, token);
  if (subscription === null) return null;
  const [stored] = await store.messages.get(subscription.tenant, [subscription.messageId]);
  const isIts = stored?.message.addressKey === subscription.addressKey;
  return { subscription, message: isIts ? stored.message : null };
}

async function readShortLink(
  { open }: Pick<Context, 'open'>,
  token: string,
): Promise<UnsubscribeLink | null> {
  const { store, keyring } = await open();
  const id = await readShortToken(keyring, token);
  if (id === null) return null;
  const [message] = await store.reports.messages([id]);
  if (message === undefined) {
    const kept = await store.retention.shortLink(id);
    return kept === undefined
      ? null
      : { subscription: { ...kept, channel: 'sms', messageId: id }, message: null };
  }
  const subscription = subscriptionOf(message);
  return subscription === null ? null : { subscription, message };
}
