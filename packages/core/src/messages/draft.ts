import type { ResolvedAccount } from '../accounts/index.ts';
import type { InputError } from '../errors.ts';
import type { MessageRecord } from '../ports/index.ts';
import type { Filled } from './compose-message.ts';
import type { SkipReason } from './skip-reason.ts';

/** A composed message, before it is decided how it waits. */
export interface Draft {
  readonly message: MessageRecord;
  /** What it says, with the values that the record holds sealed. */
  readonly filled: Filled;
  readonly skip: SkipReason | null;
  /** Why it is skipped as `invalid_data`. */
  readonly problem: InputError | null;
  readonly account: ResolvedAccount;
}
