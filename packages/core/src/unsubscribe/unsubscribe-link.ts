import { domainToASCII } from 'node:url';
import type { Context } from '../context.ts';
import type { MessageHead, MessageRecord } from '../ports/index.ts';
import type { Subscription } from './unsubscribe-token.ts';

/** The segment of the path that stands before the token. */
export const UNSUBSCRIBE_PATH = 'unsubscribe';

/** The same in text messages, where every character may be paid. */
export const SHORT_UNSUBSCRIBE_PATH = 'u';

/** RFC 5322 section 2.1.1, with room for what else stands on the line. */
const MAX_URI = 990;

/** The page where a recipient unsubscribes; null where the host gave no `publicUrl`. */
export function unsubscribeUrl({ publicUrl }: Pick<Context, 'publicUrl'>, token: string): string | null {
  return publicUrl === null ? null : `${publicUrl}/${UNSUBSCRIBE_PATH}/${token}`;
}

/** The same page as a text message links to it. */
export function shortUnsubscribeUrl({ publicUrl }: Pick<Context, 'publicUrl'>, token: string): string | null {
  return publicUrl === null ? null : `${publicUrl}/${SHORT_UNSUBSCRIBE_PATH}/${token}`;
}

/** An email to whoever reads the answers to this one, with the token as proof of who asks (RFC 6068). */
export function unsubscribeMailto(
  { replyTo, from }: Pick<MessageRecord, 'replyTo' | 'from'>,
  token: string,
): string {
  const uri = `mailto:${encodeMailbox((replyTo ?? from).address)}?subject=${UNSUBSCRIBE_PATH}`;
  const proven = `${uri}%20${token}`;
  // The longest address with the longest tenant's id; a person reads it, and sees from whom it comes.
  return proven.length <= MAX_URI ? proven : uri;
}

/** Who would unsubscribe by this message's links; null where it is to nobody, or to what is no address. */
export function subscriptionOf({
  id: messageId,
  tenant,
  channel,
  addressKey,
}: MessageHead): Subscription | null {
  return addressKey === null ? null : { tenant, channel, addressKey, messageId };
}

function encodeMailbox(address: string): string {
  const at = address.lastIndexOf('@');
  const domain = address.slice(at + 1);
  const isPlain = /^[a-z0-9.-]+$/.test(domain);
  return `${encodePart(address.slice(0, at))}@${isPlain ? domain : domainToASCII(domain) || encodePart(domain)}`;
}

/** Quotes and parentheses, too: it stands in attributes and in headers. */
function encodePart(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
