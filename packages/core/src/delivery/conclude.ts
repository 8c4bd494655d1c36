import type { Context, Opened } from '../context.ts';
import { publishTransition } from '../events/index.ts';
import type { Failure, MessageRecord, Transition, TransitionResult } from '../ports/index.ts';
import type { Draft } from './draft.ts';
import { textOf } from './send-batches.ts';
import type { Settlement } from './settle-outcome.ts';

/** A row that is `sending`. */
export interface Flight extends Draft {
  readonly attempt: number;
  /** When its transport was opened. */
  readonly openedAt: number;
}

/** A row whose outcome is known and not yet written down. */
export interface Finished {
  readonly flight: Flight;
  readonly settlement: Settlement;
}

export interface Concluding {
  readonly context: Context;
  readonly opened: Opened;
  /** For wrong credentials; `openedAt` is when the transport that had them was opened. */
  readonly pauseAccount: (failure: Failure, message: MessageRecord, openedAt: number) => Promise<unknown>;
}

/**
 * What follows the commit that settled these: live events, the pause of an account. Rows that are done with leave their
 * claims; those to be settled once more, as our lease was lost in the meantime, are answered.
 */
export async function conclude(
  concluding: Concluding,
  settling: readonly Finished[],
  results: readonly TransitionResult[],
): Promise<readonly Finished[]> {
  const again: Finished[] = [];
  let from = 0;
  for (const { flight, settlement } of settling) {
    const own = results.slice(from, from + settlement.transitions.length);
    from += settlement.transitions.length;
    // Before anybody hears of it, as news makes the worker look for what is due.
    if (settlement.pause !== null) await pause(concluding, flight, settlement.pause);
    for (const result of own) publishTransition(concluding.context, flight, result);
    const follows = await lateTransition(concluding, flight, settlement, own);
    if (follows === null) flight.claim.leave();
    else again.push({ flight, settlement: { transitions: [follows], late: null, pause: null } });
  }
  return again;
}

async function pause(
  { context, pauseAccount }: Concluding,
  { message, openedAt }: Flight,
  failure: Failure,
): Promise<void> {
  try {
    await pauseAccount(failure, message, openedAt);
  } catch (error) {
    context.log.error('An account with wrong credentials could not be paused.', { error: textOf(error) });
  }
}

/** The doubt may have covered a `cancel` that came while it was being handed over, so the events are asked. */
async function lateTransition(
  { context, opened }: Concluding,
  { message, attempt }: Flight,
  { late }: Settlement,
  results: readonly TransitionResult[],
): Promise<Transition | null> {
  if (late === null || results.some(({ status }) => status !== 'dropped')) return null;
  try {
    const events = await opened.store.messages.events(message.tenant, message.id);
    const canceled = events.some((event) => event.type === 'canceled' && event.attempt === attempt - 1);
    return canceled ? late.cancel : late.retry;
  } catch (error) {
    context.log.error('A late outcome could not be settled; it stays in doubt.', { error: textOf(error) });
    return null;
  }
}
