import { inputErrorOf } from '../check-input.ts';
import { ConflictError } from '../errors.ts';
import type { BroadcastRecord } from '../ports/index.ts';
import type { BroadcastPlan } from './broadcast.ts';
import { compareDecimals } from './decimal.ts';
import type { Tally } from './tally.ts';

/**
 * Whether a plan may be started with this bound.
 *
 * @throws InputError `invalid_input` where nobody can say what it costs; ConflictError `too_expensive`.
 */
export function checkMaxCost({ plan }: Pick<BroadcastRecord, 'plan'>, maxCost: string | null): void {
  const planned = plan as unknown as BroadcastPlan;
  if (maxCost !== null && hasNoPrice(planned)) {
    const message =
      'means nothing here, as the account that is paid by the message does not say a price for all of it';
    throw inputErrorOf('start of a broadcast', [{ path: 'maxCost', message }]);
  }
  const problem = costProblem({ plan, maxCost }, planned);
  if (problem !== null) throw problem;
}

/** Why a list may not leave under the bound that its broadcast was started with; null where it may. */
export function costProblem(
  { plan, maxCost }: Pick<BroadcastRecord, 'plan' | 'maxCost'>,
  tally: Pick<Tally, 'cost' | 'segments'>,
): ConflictError | null {
  if (maxCost === null) return null;
  if (hasNoPrice(tally)) return tooExpensive('What it would cost cannot be said', maxCost);
  const { cost } = tally;
  if (cost === null) return null;
  // A price in another currency than was agreed on is not the price that was agreed on.
  const agreed = (plan as unknown as BroadcastPlan).cost?.currency ?? cost.currency;
  if (cost.currency === agreed && compareDecimals(cost.amount, maxCost) <= 0) return null;
  return tooExpensive(`It would cost ${cost.amount} ${cost.currency}`, `${maxCost} ${agreed}`);
}

/** It is paid by the message, and nobody says how much for all of it. */
function hasNoPrice({ cost, segments }: Pick<Tally, 'cost' | 'segments'>): boolean {
  return cost === null && segments !== null;
}

function tooExpensive(what: string, allowed: string): ConflictError {
  return new ConflictError('too_expensive', `${what}, and at most ${allowed} is allowed. Nothing was sent.`, {
    path: 'maxCost',
    advice: 'Allow more, or write to fewer people.',
  });
}
