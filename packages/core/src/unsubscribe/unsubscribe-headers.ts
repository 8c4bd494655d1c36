import type { Context } from '../context.ts';
import type { MessageRecord } from '../ports/index.ts';
import type { Keyring } from '../secrets/index.ts';
import { UNSUBSCRIBE_FIELDS } from './check-bulk-headers.ts';
import { subscriptionOf, unsubscribeMailto, unsubscribeUrl } from './unsubscribe-link.ts';
import { makeUnsubscribeToken } from './unsubscribe-token.ts';

/**
 * The extra header fields of a message as it leaves: the host's own, and in bulk mail where to unsubscribe (RFC 2369),
 * with one click where there is a page for it (RFC 8058). They are derived and not stored.
 */
export async function outgoingHeaders(
  context: Pick<Context, 'publicUrl'>,
  keyring: Keyring,
  message: MessageRecord,
): Promise<Readonly<Record<string, string>>> {
  const { headers, broadcast, channel } = message;
  if (broadcast === null || channel !== 'email') return headers;
  const subscription = subscriptionOf(message);
  if (subscription === null) return headers;
  const token = await makeUnsubscribeToken(keyring, subscription);
  const url = unsubscribeUrl(context, token);
  const mailto = unsubscribeMailto(message, token);
  const others = Object.entries(headers).filter(([name]) => !UNSUBSCRIBE_FIELDS.has(name.toLowerCase()));
  return {
    ...Object.fromEntries(others),
    ...(url === null
      ? { 'List-Unsubscribe': `<${mailto}>` }
      : {
          'List-Unsubscribe': `<${url}>, <${mailto}>`,
          'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
        }),
  };
}
