import { normaliseAddress } from './normalise-address.ts';
import type { RecipientRef } from './recipient.ts';

/**
 * Two recipients with one key are the same one: by source and id, or by bare address as addresses are compared. Two
 * customers who share an address stay two. The phone number is as `readRecipient` answers it.
 *
 * @throws InputError `invalid_address`; check the recipient first for an error with the path.
 */
export function recipientKey(
  recipient: RecipientRef | { readonly email?: string | undefined; readonly phone?: string | undefined },
): string {
  if ('source' in recipient) return JSON.stringify([recipient.source, recipient.id]);
  const { email, phone } = recipient;
  return JSON.stringify([email === undefined ? null : normaliseAddress('email', email), phone ?? null, null]);
}
