import type { Page } from '../cursor.ts';
import type { TagCatalogue } from '../ports/index.ts';
import type { CancelResult } from './cancel-messages.ts';
import type { MessageListOptions } from './list-messages.ts';
import type { Message } from './message.ts';
import type { TimelineEntry, TimelineOptions } from './message-timeline.ts';
import type { RenderedMessage } from './rendered-message.ts';
import type { ResendInput, ResentMessage } from './resend-input.ts';
import type { Resolution } from './resolve-messages.ts';

/** What has been sent, and what can still be done about it. Every id is one of this tenant's, or is not there. */
export interface Messages<Tags extends TagCatalogue = TagCatalogue> {
  /** Null where there is none by that id. */
  get(id: string): Promise<Message | null>;
  /**
   * A page of messages, newest first. The cursor works for the same filter only.
   *
   * @throws InputError `invalid_input`, `invalid_address`, `invalid_cursor`.
   *
   * @example
   * ```ts
   * import type { Posthorn } from '@posthorn/core';
   *
   * export async function countBounces(posthorn: Posthorn): Promise<number> {
   *   let count = 0;
   *   let cursor: string | null | undefined;
   *   do {
   *     const page = await posthorn.messages.list({ status: 'bounced', limit: 500, cursor: cursor ?? undefined });
   *     count += page.items.length;
   *     cursor = page.next;
   *   } while (cursor !== null);
   *   return count;
   * }
   * ```
   */
  list(options?: MessageListOptions): Promise<Page<Message>>;
  /**
   * Everything that happened to a message, in order, with a sentence that a person understands.
   *
   * @throws NotFoundError `unknown_message`.
   */
  timeline(id: string, options?: TimelineOptions): Promise<readonly TimelineEntry[]>;
  /**
   * Exactly what was sent, or would be: values of sensitive tags are masked.
   *
   * @throws NotFoundError `unknown_message`.
   */
  rendered(id: string): Promise<RenderedMessage>;
  /** Keeps a message from being sent, if it is not too late. For several the answers are in the order of the ids. */
  cancel(id: string): Promise<CancelResult>;
  cancel(ids: readonly string[]): Promise<readonly CancelResult[]>;
  /**
   * Settles messages in doubt (status `unknown`): a person knows that they were sent, wants them sent again, or gives
   * them up. Nothing but this, or news from the other side, ends a doubt.
   *
   * @throws NotFoundError `unknown_message`.
   * @throws ConflictError `not_in_doubt` with the ids that are not (in `issues`); nothing is settled then, unless the
   *   doubt ended in the very moment.
   *
   * @example
   * ```ts
   * import type { Posthorn } from '@posthorn/core';
   *
   * export async function sendDoubtfulAgain(posthorn: Posthorn, by: string) {
   *   const { items } = await posthorn.messages.list({ status: 'unknown' });
   *   await posthorn.messages.resolve(items.map(({ id }) => id), 'resend', { by });
   * }
   * ```
   */
  resolve(ids: readonly string[], resolution: Resolution, options: { readonly by: string }): Promise<void>;
  /**
   * Sends a message again, as a new one that `resendOf` links to it: as it was sent, or filled in anew where the
   * channel, the version or the data are other ones.
   *
   * @throws NotFoundError `unknown_message`, `unknown_recipient`, `unknown_template`.
   * @throws InputError `resend_needs_data` where values are not known any more; nothing is sent then.
   * @throws ConfigurationError `no_sender`, `no_account`.
   *
   * @example
   * ```ts
   * import type { Posthorn } from '@posthorn/core';
   *
   * export async function sendToRightAddress(posthorn: Posthorn, id: string) {
   *   const { warnings } = await posthorn.messages.resend(id, { to: { email: 'anna@example.dk' } });
   *   return warnings.map(({ message }) => message);
   * }
   * ```
   */
  resend(id: string, input?: ResendInput<Tags>): Promise<ResentMessage>;
}
