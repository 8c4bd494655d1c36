import type { Context, Opened } from '../context.ts';
import type { LeftMessage, MessageRecord, ReportingAccount } from '../ports/index.ts';

/** A message that a report is about, and the attempt. */
export interface Match {
  readonly message: MessageRecord;
  readonly attempt: number;
  /** It was found by its address and its time alone. */
  readonly byAddress: boolean;
}

/** What is remembered while the reports of one call are matched. */
export interface Matching {
  readonly account: ReportingAccount;
  readonly opened: Opened;
  readonly context: Pick<Context, 'adapters'>;
  readonly receivedAt: number;
  readonly byProviderId: Map<string, readonly LeftMessage[]>;
  /** Once asked for. */
  tenants: readonly string[] | null;
  /** How many more addresses may be looked for. */
  lookups: number;
}
