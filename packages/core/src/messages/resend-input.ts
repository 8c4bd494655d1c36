import type { Channel, TagCatalogue } from '../ports/index.ts';
import type { Recipient } from '../recipients/index.ts';
import type { TagData } from '../templates/index.ts';
import type { Message } from './message.ts';

/** How a message is sent again. */
export interface ResendInput<Tags extends TagCatalogue = TagCatalogue> {
  /** To somebody else, or another address. The original's recipient where nothing is said. */
  readonly to?: Recipient | undefined;
  /** By another channel. The original's where nothing is said. */
  readonly channel?: Channel | undefined;
  /** `same`, as nothing says otherwise: the content as it was sent. `latest`: the template as it is now. */
  readonly version?: 'same' | 'latest' | undefined;
  /** Tag values, where the content has to be filled in again. They go before those of the recipient's source. */
  readonly data?: TagData<Tags> | undefined;
}

/** The new message, and what a person should know about it. */
export interface ResentMessage extends Message {
  readonly warnings: readonly ResendWarning[];
}

/** Nothing that stops it, but worth a look. */
export interface ResendWarning {
  /**
   * - `original_in_doubt`: the original may have arrived, so this may be the second one.
   * - `original_waiting`: the original is not sent yet, so this will be the second one unless that is cancelled.
   * - `address_suppressed`: the address is marked, so this one was skipped.
   */
  readonly code: 'original_in_doubt' | 'original_waiting' | 'address_suppressed';
  readonly message: string;
}
