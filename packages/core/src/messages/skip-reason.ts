import type { MessageRefusal, SuppressionReason } from '../ports/index.ts';

/**
 * Why a recipient is skipped, as `reason` of the message says it:
 *
 * - `no_content`: the template has no part for the channel.
 * - `no_address`: the recipient has no email address (or number).
 * - `invalid_address`: what stands there is none.
 * - `landline`: the number is one that takes no text messages.
 * - `invalid_data`: of a broadcast, the recipient's own data does not fit the template.
 * - `suppressed:…`: the address is marked; `messages.timeline` says so in words, `suppressions` who did it and why.
 * - `country_not_allowed`: the account does not send to the number's country.
 * - `sender_not_allowed`: the number's country takes nothing from such a sender.
 * - `recipient_limit`: the address had as many messages in 24 hours as the account's limits allow.
 */
export type SkipReason =
  | 'no_content'
  | 'no_address'
  | 'invalid_address'
  | 'landline'
  | 'invalid_data'
  | `suppressed:${SuppressionReason}`
  | MessageRefusal
  | 'recipient_limit';

/** What is known of one recipient on one channel. */
interface Reach {
  readonly hasContent: boolean;
  readonly address: 'valid' | 'missing' | 'invalid' | 'landline';
  /** The mark on the address, if there is one in force. */
  readonly suppressed: SuppressionReason | undefined;
  /** Why the account does not send there. */
  readonly refusal: MessageRefusal | undefined;
  /** Whether the address has had as many messages as the account's limits allow. */
  readonly hadEnough: boolean;
}

/** Why this recipient is not reached by this channel; null where it is. The first that holds is the reason. */
export function skipReason(reach: Reach): SkipReason | null {
  if (!reach.hasContent) return 'no_content';
  if (reach.address === 'missing') return 'no_address';
  if (reach.address === 'invalid') return 'invalid_address';
  if (reach.address === 'landline') return 'landline';
  if (reach.suppressed !== undefined) return `suppressed:${reach.suppressed}`;
  if (reach.refusal !== undefined) return reach.refusal;
  return reach.hadEnough ? 'recipient_limit' : null;
}

/**
 * Of several channels that all fail, the one whose reason says most: the message is skipped there. The nearer it came to
 * being sent the more it says, and of equals the channel named first does.
 */
export function mostTelling<T extends { readonly skip: SkipReason | null }>(
  tried: readonly T[],
): T | undefined {
  let best: T | undefined;
  for (const one of tried) {
    if (best === undefined || nearness(one.skip) > nearness(best.skip)) best = one;
  }
  return best;
}

function nearness(reason: SkipReason | null): number {
  if (reason === null) return 4;
  if (reason === 'no_content') return 0;
  if (reason === 'no_address') return 1;
  return reason === 'invalid_address' || reason === 'landline' ? 2 : 3;
}
