import type { Page } from '../cursor.ts';
import type { ChannelChoice, SendInput, SkipReason } from '../messages/index.ts';
import type { AccountLimits, Channel, OutcomeName, TagCatalogue, Work } from '../ports/index.ts';
import type { To } from '../segments/index.ts';

/** What `plan` takes: as `send`, to as many as there are. */
export interface BroadcastInput<Tags extends TagCatalogue = TagCatalogue>
  extends Omit<SendInput<Tags, To, ChannelChoice>, 'to' | 'sendAt' | 'key' | 'tx' | 'wait' | 'signal'> {
  /**
   * People, segments and recipient queries, mixed as you like. Who is meant twice is written to once: one of a source by
   * its id, a bare address by the address. Two customers who share an address are two, and each gets a message.
   */
  readonly to: To;
  /** What people call it: "Storm on Friday". */
  readonly label?: string | undefined;
}

/** An amount of money. */
export interface Cost {
  /** Decimal: `212.80`. */
  readonly amount: string;
  /** ISO 4217. */
  readonly currency: string;
}

/** What a broadcast would be if it was started now. Plain data: it can be stored and shown. */
export interface BroadcastPlan {
  /** Give it to `start`, today or tomorrow, in this process or another one. */
  readonly id: string;
  readonly label: string | null;
  /** How many people are meant. */
  readonly total: number;
  /** How many of them have a message that will be sent. */
  readonly willReceive: number;
  /** Messages that will be sent, by channel. */
  readonly messages: { readonly [C in Channel]?: number };
  /** Those that will not be sent, and why; the most frequent reason first. */
  readonly skipped: readonly SkippedGroup[];
  /** The parts of which text messages consist, each of which is paid; null where nothing is paid by the message. */
  readonly segments: number | null;
  /** Null where the account does not say a price for all of them. */
  readonly cost: Cost | null;
  /** What a person should look at before the start, in the tenant's language (Danish or English); empty where all is well. */
  readonly warnings: readonly PlanWarning[];
}

/**
 * Something that a person should look at before a broadcast is started:
 *
 * - `sms_unicode`: some characters make text messages dearer; they are named.
 * - `sms_too_long`: text messages are longer than the provider takes, and would be refused.
 * - `no_opt_out`: recipients can neither answer `STOP` nor follow a link to opt out.
 * - `no_price`: some text messages have no price, so there is no `cost`.
 */
export interface PlanWarning {
  readonly code: 'sms_unicode' | 'sms_too_long' | 'no_opt_out' | 'no_price';
  /** A sentence. */
  readonly message: string;
}

/** Messages that are not sent, for one reason. */
export interface SkippedGroup {
  readonly channel: Channel;
  readonly reason: SkipReason;
  readonly count: number;
  /** The first few of them. */
  readonly samples: readonly SkippedPerson[];
}

/** Somebody who gets nothing. */
export interface SkippedPerson {
  /** Null for a bare address. */
  readonly source: string | null;
  readonly id: string | null;
  readonly name: string | null;
  readonly address: string | null;
  /** Of `invalid_data`: what is wrong with it. */
  readonly problem: string | null;
}

/**
 * Where a broadcast stands:
 *
 * - `planned`: counted; nothing is written to anybody until it is started.
 * - `listing`: its messages are being written down; none leaves before all are.
 * - `scheduled`: complete, and waits for its time.
 * - `sending`: on its way.
 * - `paused`: nothing leaves until `resume`.
 * - `finished`: every message has its outcome.
 * - `refused`: nobody was written to; `failure` says why.
 * - `canceled`: nothing more leaves.
 */
export type BroadcastStatus =
  | 'planned'
  | 'listing'
  | 'scheduled'
  | 'sending'
  | 'paused'
  | 'finished'
  | 'refused'
  | 'canceled';

/** One content to everybody whom a plan means. */
export interface Broadcast {
  readonly id: string;
  readonly label: string | null;
  readonly status: BroadcastStatus;
  /** Key of the template; null for an ad-hoc composition. */
  readonly template: string | null;
  /** As it was counted before the start. */
  readonly plan: BroadcastPlan;
  /** How many messages stand where; empty before the start. */
  readonly counts: BroadcastStatusCounts;
  /** Why it was refused, or what the list waits for. */
  readonly failure: { readonly code: string; readonly message: string } | null;
  readonly startAt: Date | null;
  readonly createdAt: Date;
  readonly startedAt: Date | null;
  /**
   * What becomes of it, live: at once, then whenever something has changed (at most a few times a second), and a last time
   * when it is over. A second process sees the same.
   */
  progress(options?: { readonly signal?: AbortSignal | undefined }): AsyncIterable<BroadcastProgress>;
}

/** Messages by the status that people see. */
export type BroadcastStatusCounts = { readonly [S in OutcomeName | Work]?: number };

/** How far a broadcast has come. */
export interface BroadcastProgress {
  readonly id: string;
  readonly status: BroadcastStatus;
  /** People listed so far while `listing`, then all. */
  readonly total: number;
  readonly counts: BroadcastStatusCounts;
  /** Messages that will not change by themselves any more. */
  readonly done: number;
  /** Messages that are still to be sent, or tried again. */
  readonly open: number;
  /** Messages that were done in a second, of late; null before that can be said. */
  readonly perSecond: number | null;
  /** Null before that can be said. */
  readonly timeLeftMs: number | null;
  /** The accounts it leaves by, with what holds them up. */
  readonly accounts: readonly BroadcastAccount[];
  readonly failure: Broadcast['failure'];
}

/** An account in a progress. */
export interface BroadcastAccount {
  readonly key: string;
  readonly label: string | null;
  readonly limits: AccountLimits | null;
  /** Why nothing leaves by it; null where it works. */
  readonly paused: string | null;
  /** Its limits in one sentence, in the tenant's language: `own server: 300 an hour, done at 16:40`; null where it has none. */
  readonly sentence: string | null;
}

/** When and within which bounds a plan is started. */
export interface StartOptions {
  /** Not before then: a `Date`, or ISO 8601. Text without an offset is a clock on the tenant's wall. */
  readonly at?: Date | string | undefined;
  /** Decimal, in the plan's currency: where the list turns out dearer, nothing is sent. */
  readonly maxCost?: string | undefined;
}

/** Many from one query. */
export interface Broadcasts<Tags extends TagCatalogue = TagCatalogue> {
  /**
   * Finds who is meant, renders what each would be told, and counts: who gets it, who does not and why, what it costs.
   * Nothing is sent.
   *
   * @throws as `send`; InputError `invalid_query`; NotFoundError `unknown_segment`; the signal's reason.
   *
   * @example
   * ```ts
   * import type { Posthorn } from '@posthorn/core';
   *
   * export async function tellFriday(posthorn: Posthorn) {
   *   const where = { combinator: 'and', rules: [{ field: 'reservation.date', operator: '=', value: '2026-11-27' }] };
   *   const plan = await posthorn.broadcasts.plan({ template: 'storm', to: { source: 'customers', where } });
   *   const broadcast = await posthorn.broadcasts.start(plan.id);
   *   for await (const { done, open } of broadcast.progress()) console.log(`${done} of ${done + open}`);
   * }
   * ```
   */
  plan(
    input: BroadcastInput<Tags>,
    options?: { readonly signal?: AbortSignal | undefined },
  ): Promise<BroadcastPlan>;
  /**
   * Starts a plan: who is meant is asked again and written down, and when the list is complete it leaves. Starting it
   * again, also from another process, changes nothing and answers the same broadcast.
   *
   * @throws NotFoundError `unknown_broadcast`.
   * @throws ConflictError `broadcast_state` where it was started otherwise, or is canceled; `too_expensive`.
   * @throws InputError `invalid_input`.
   */
  start(id: string, options?: StartOptions): Promise<Broadcast>;
  /** Null where there is none by that id. */
  get(id: string): Promise<Broadcast | null>;
  /**
   * Newest first.
   *
   * @throws InputError `invalid_input`, `invalid_cursor`.
   */
  list(options?: {
    readonly limit?: number | undefined;
    readonly cursor?: string | undefined;
  }): Promise<Page<Broadcast>>;
  /**
   * Nothing more is begun; what is being handed over ends. A list that is being made is completed.
   *
   * @throws NotFoundError `unknown_broadcast`; ConflictError `broadcast_state` where it is not on its way.
   */
  pause(id: string): Promise<Broadcast>;
  /**
   * What was paused goes on.
   *
   * @throws as `pause`.
   */
  resume(id: string): Promise<Broadcast>;
  /**
   * Nothing more is begun, for good: what has not left ends as `canceled`, by and by. What is finished stays so; canceling
   * twice is no error.
   *
   * @throws NotFoundError `unknown_broadcast`.
   */
  cancel(id: string): Promise<Broadcast>;
  /**
   * One more attempt for each message that ended as `failed` (its retries were spent). One that held values of sensitive
   * tags stays failed: they are wiped with the end of a message.
   *
   * @throws NotFoundError `unknown_broadcast`; ConflictError `broadcast_state` where it is canceled, refused or not started.
   */
  retryFailed(id: string): Promise<{ readonly retried: number }>;
}
