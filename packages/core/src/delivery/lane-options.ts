import type { Transport, TurnLimits } from '../ports/index.ts';
import type { BuildEnvelope } from './build-envelope.ts';
import type { Concluding } from './conclude.ts';
import type { Draft } from './draft.ts';

/** An account as it is now. */
export interface OpenedAccount {
  /** Given back with `close`. */
  readonly transport: Transport;
  readonly limits: TurnLimits | null;
}

export interface LaneOptions extends Concluding {
  readonly build: BuildEnvelope;
  /** Null while the account is paused. */
  readonly openAccount: () => Promise<OpenedAccount | null>;
  /** Aborted when what is in flight has to come back at once. */
  readonly recall: AbortSignal;
  /** Some of the account's limits was used, and it may be closed now. */
  readonly onSpent: () => void;
  readonly onIdle: () => void;
  readonly random: () => number;
}

/** What the next turn begins, and by which transport. */
export interface Departure extends OpenedAccount {
  readonly openedAt: number;
  readonly drafts: readonly Draft[];
}
