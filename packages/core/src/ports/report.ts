import type { JsonObject } from './json.ts';
import type { Failure } from './outcome.ts';

/** What a provider tells of a message after it has taken it. */
export interface Report {
  readonly type: ReportType;
  /** The envelope's `returnToken`, where the provider gives it back: it names message and attempt. */
  readonly token: string | null;
  /** The provider's own id of the message, as the outcome `accepted` named it. */
  readonly providerId: string | null;
  /** Whom it is about, as the provider writes it. */
  readonly address: string | null;
  /** In ms since the epoch, as the provider says, absurd or not; null where it tells no time. */
  readonly occurredAt: number | null;
  /** Why it did not arrive: of `deferred`, `bounced`, `rejected` and `failed`. */
  readonly failure: Failure | null;
  /**
   * Of `unsubscribed` and `resubscribed`: the provider's name of the list that it is about, so that joining one list again
   * ends no other refusal. Null where it is about everything.
   */
  readonly list: string | null;
  /**
   * What else is known, for the timeline: `provider` is the provider's own word for what happened (`group_unsubscribe`),
   * `url` the link that was clicked. Not what differs between two reports of one fact, such as the report's own id.
   */
  readonly detail: JsonObject;
}

/**
 * An outcome, a flag, or `other`: something that we do not know, which is kept and changes nothing.
 *
 * `rejected` is the provider's refusal to hand the message on; `bounced` the word of the receiving side.
 */
export type ReportType =
  | 'accepted'
  | 'deferred'
  | 'delivered'
  | 'bounced'
  | 'rejected'
  | 'failed'
  | MessageFlag
  | 'other';

/** What people (and machines: scanners of links, proxies of pictures) did with a message; beside its outcome. */
export type MessageFlag =
  | 'opened'
  | 'clicked'
  | 'machine_opened'
  | 'machine_clicked'
  | 'complained'
  | 'unsubscribed'
  | 'resubscribed';

/** When each flag was set, in ms since the epoch: the first time, of `unsubscribed` and `resubscribed` the last. */
export type MessageFlags = { readonly [F in MessageFlag]?: number };
