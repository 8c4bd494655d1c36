import type { Context, Opened } from '../context.ts';
import type { LeftMessage, MessageHead, ReportingAccount } from '../ports/index.ts';

/** A message that a report is about, and the attempt. */
export interface Match {
  readonly message: MessageHead;
  readonly attempt: number;
  /** It was found by its address and its time alone. */
  readonly byAddress: boolean;
}

/** What the provider took under one id of its own: a message, or all those of a request. */
export interface Taken {
  readonly messages: readonly LeftMessage[];
  /** By their addresses, as addresses are compared. */
  readonly byAddress: ReadonlyMap<string, LeftMessage>;
}

/** What is remembered while the reports of one call are matched. */
export interface Matching {
  readonly account: ReportingAccount;
  readonly opened: Opened;
  readonly context: Pick<Context, 'adapters'>;
  readonly receivedAt: number;
  readonly byProviderId: Map<string, Taken>;
  /** Once asked for. */
  tenants: readonly string[] | null;
  /** How many more addresses may be looked for. */
  lookups: number;
}
