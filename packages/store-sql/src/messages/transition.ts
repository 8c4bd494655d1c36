import type { Transition, TransitionResult } from '@posthorn/core';
import { StatusCounts } from '../broadcasts/status-counts.ts';
import { openLedger } from '../deliveries/ledger.ts';
import { lockDeliveries } from '../locks.ts';
import type { Program } from '../program.ts';

/** In order; a transition of another tenant's message finds it `missing`. */
export function* transition(
  tenant: string,
  transitions: readonly Transition[],
): Program<readonly TransitionResult[]> {
  yield* lockDeliveries(JSON.stringify(transitions.map(({ event }) => event.messageId)));
  const counts = new StatusCounts();
  const ledger = yield* openLedger(transitions, counts);
  const results = transitions.map((it) => ledger.apply({ ...it, event: { ...it.event, tenant } }));
  yield* ledger.write();
  yield* counts.write();
  return results;
}
