import type { Transition, TransitionResult } from '@posthorn/core';
import { openLedger } from '../deliveries/ledger.ts';
import type { Program } from '../program.ts';

/** In order; a transition of another tenant's message finds it `missing`. */
export function* transition(
  tenant: string,
  transitions: readonly Transition[],
): Program<readonly TransitionResult[]> {
  const ledger = yield* openLedger(transitions);
  const results = transitions.map((it) => ledger.apply({ ...it, event: { ...it.event, tenant } }));
  yield* ledger.write();
  return results;
}
