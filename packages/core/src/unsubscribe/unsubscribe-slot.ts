import type { Context } from '../context.ts';
import type { Channel, MessageRecord } from '../ports/index.ts';
import type { Keyring } from '../secrets/index.ts';
import { EXAMPLE_SHORT_TOKEN, makeShortToken } from './short-token.ts';
import {
  shortUnsubscribeUrl,
  subscriptionOf,
  UNSUBSCRIBE_PATH,
  unsubscribeMailto,
  unsubscribeUrl,
} from './unsubscribe-link.ts';
import { makeUnsubscribeToken } from './unsubscribe-token.ts';

/**
 * What `{{ unsubscribe.url }}` is rendered to: the link is derived when the message leaves, and not stored with each of a
 * million. Letters and hyphens only, which every place of a template leaves as they are.
 */
export const UNSUBSCRIBE_SLOT = 'posthorn-unsubscribe-link-goes-here';

/** The slots of a message as it leaves. In place of a page, where there is none, stands an email to the sender. */
export async function withUnsubscribeLink(
  context: Pick<Context, 'publicUrl'>,
  keyring: Keyring,
  message: MessageRecord,
  slots: readonly string[],
): Promise<readonly string[]> {
  if (!slots.some((slot) => slot.includes(UNSUBSCRIBE_SLOT))) return slots;
  const link = await linkOf(context, keyring, message);
  return slots.map((slot) => slot.replaceAll(UNSUBSCRIBE_SLOT, () => link));
}

/** The slots with a link of the same length, by which a text message that is not written down yet can be counted. */
export function withExampleLink(
  context: Pick<Context, 'publicUrl'>,
  channel: Channel,
  slots: readonly string[],
): readonly string[] {
  if (!slots.some((slot) => slot.includes(UNSUBSCRIBE_SLOT))) return slots;
  const link = exampleUnsubscribeUrl(context, channel) ?? '';
  return slots.map((slot) => slot.replaceAll(UNSUBSCRIBE_SLOT, () => link));
}

async function linkOf(
  context: Pick<Context, 'publicUrl'>,
  keyring: Keyring,
  message: MessageRecord,
): Promise<string> {
  const subscription = subscriptionOf(message);
  if (subscription === null) return '';
  if (message.channel === 'sms') {
    // The answer to a text message is `STOP`; its number takes no email.
    return shortUnsubscribeUrl(context, await makeShortToken(keyring, message.id)) ?? '';
  }
  const token = await makeUnsubscribeToken(keyring, subscription);
  return unsubscribeUrl(context, token) ?? unsubscribeMailto(message, token);
}

/** What a preview shows in its place; undefined where messages of the channel have none. */
export function exampleUnsubscribeUrl(
  { publicUrl }: Pick<Context, 'publicUrl'>,
  channel: Channel,
): string | undefined {
  switch (channel) {
    case 'email':
      return publicUrl === null
        ? `mailto:?subject=${UNSUBSCRIBE_PATH}`
        : (unsubscribeUrl({ publicUrl }, 'example') ?? undefined);
    case 'sms':
      return shortUnsubscribeUrl({ publicUrl }, EXAMPLE_SHORT_TOKEN) ?? undefined;
    case 'internal':
      return undefined;
  }
}
