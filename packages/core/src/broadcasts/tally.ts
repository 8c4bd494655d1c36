import { ConfigurationError } from '../errors.ts';
import type { Draft } from '../messages/index.ts';
import type { Channel, MessageCost } from '../ports/index.ts';
import type { Cost } from './broadcast.ts';
import { addDecimals } from './decimal.ts';

/** What a list has come to so far. Plain JSON: it is kept with the place where the list goes on. */
export interface Tally {
  /** People. */
  readonly total: number;
  readonly willReceive: number;
  readonly messages: { readonly [C in Channel]?: number };
  readonly segments: number | null;
  /** Null as soon as one paid message has no price: a sum without it would be too low. */
  readonly cost: Cost | null;
}

export const NOTHING: Tally = { total: 0, willReceive: 0, messages: {}, segments: null, cost: null };

/** One message of a list, with what it costs if it is sent and paid for. */
export interface Counted {
  readonly draft: Draft;
  readonly cost: MessageCost | null;
}

/** Adds a page: so many people, and their messages. */
export function addPage(tally: Tally, people: number, page: readonly Counted[]): Tally {
  const messages: Partial<Record<Channel, number>> = { ...tally.messages };
  const reached = new Set<string>();
  let { segments, cost } = tally;
  for (const { draft, cost: added } of page) {
    if (draft.skip !== null) continue;
    const { channel } = draft.message;
    messages[channel] = (messages[channel] ?? 0) + 1;
    reached.add(personOf(draft));
    if (added === null) continue;
    const isKnown = added.price !== null && (segments === null || cost !== null);
    cost = isKnown ? addCost(cost, added.price) : null;
    segments = (segments ?? 0) + added.segments;
  }
  return {
    total: tally.total + people,
    willReceive: tally.willReceive + reached.size,
    messages,
    segments,
    cost,
  };
}

/** Of several messages to one person (a message by each channel), the person counts once. */
function personOf({ message }: Draft): string {
  const { recipient, address } = message;
  return JSON.stringify(recipient === null ? [address] : [recipient.source, recipient.id]);
}

function addCost(sum: Cost | null, { amount, currency }: Cost): Cost {
  if (sum === null) return { amount, currency };
  if (sum.currency !== currency) {
    throw new ConfigurationError(
      'invalid_input',
      `The accounts of this broadcast are paid in ${sum.currency} and ${currency}, which do not add up.`,
      { advice: 'Send it by one channel at a time, or give both accounts a price in one currency.' },
    );
  }
  return { amount: addDecimals(sum.amount, amount), currency };
}
