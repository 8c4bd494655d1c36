import { setImmediate } from 'node:timers/promises';
import type { Clock, Envelope, Log, MessageRecord } from '../ports/index.ts';
import type { BuildEnvelope } from './build-envelope.ts';
import type { Claim } from './claim.ts';
import { textOf } from './send-batches.ts';

/** A row that is built and about to begin. */
export interface Draft {
  readonly claim: Claim;
  readonly message: MessageRecord;
  readonly envelope: Envelope;
}

/** After what somebody has to mend: settings that do not open, content that cannot be read. */
export const MEND_MS = 60_000;
/** Envelopes built before the event loop gets its turn. */
const BUILT_AT_ONCE = 20;

/**
 * Builds the next `room` rows, those of the first claims first. What cannot be built (a key that is gone) is released and
 * waits for somebody to mend it; it holds up nobody else.
 */
export async function draftRows(
  claims: readonly Claim[],
  room: number,
  { build, clock, log }: { build: BuildEnvelope; clock: Clock; log: Log },
): Promise<readonly Draft[]> {
  const drafts: Draft[] = [];
  let left = room;
  const taken = claims.flatMap((claim) => {
    const rows = claim.take(left);
    left -= rows.length;
    return rows.map((row) => ({ claim, row }));
  });
  for (const [index, { claim, row }] of taken.entries()) {
    const { message, delivery } = row;
    try {
      drafts.push({ claim, message, envelope: await build(message, delivery.attempt + 1) });
    } catch (error) {
      log.error('A message cannot be built; it waits.', { message: message.id, error: textOf(error) });
      claim.release(clock.now() + MEND_MS);
    }
    if (index % BUILT_AT_ONCE === BUILT_AT_ONCE - 1) await setImmediate();
  }
  return drafts;
}
