import type { StoredEvent, StoredEventName } from './stored-event.ts';

/** Given one event at a time; the next one comes when it has returned, or what it answers has resolved. */
export type SubscriptionHandler<Name extends StoredEventName> = (event: StoredEvent<Name>) => unknown;

/** A handler at work, of one `subscribe`. */
export interface Subscription {
  /**
   * Gives the handler nothing more in this process, and resolves once it is done with what it has in hand. What comes
   * meanwhile waits, in the database, for the next `subscribe` of that name, or goes to another process.
   */
  stop(): Promise<void>;
}

/** A name under which somebody keeps records, whether or not a process handles its events now. */
export interface SubscriptionSummary {
  readonly name: string;
  readonly types: readonly StoredEventName[];
  readonly createdAt: Date;
  /** How many events wait for its handler, counted up to 10,000. */
  readonly waiting: number;
  /** When the first of them happened to be stored: what this lies back is the lag. Null where none waits. */
  readonly waitingSince: Date | null;
}

/** The names that have been subscribed to. Rows are kept for each until its handler has had them, or it is removed. */
export interface Subscriptions {
  /**
   * Every name there is, in order, with what waits for it.
   *
   * @throws StoreError.
   */
  list(): Promise<readonly SubscriptionSummary[]>;
  /**
   * Forgets a name, its place, and all that waits for it: for what no process subscribes to any more. A handler that has it
   * now is done with what it has in hand, and is given nothing more. Answers false where there is none of that name.
   *
   * @throws InputError `invalid_input`. StoreError.
   */
  remove(name: string): Promise<boolean>;
}

/** Begins, or goes on with, a durable subscription. */
export type Subscribe =
  /**
   * Gives every event of these types to the handler: durably, at least once, in order, and in one process at a time. It is
   * for records of your own, in your own tables; to show something as it happens, use `on`.
   *
   * A new name begins with what is sent and reported from now on. A name that is known goes on where it was, after a restart
   * or in another process, also with other types. `posthorn.subscribe` is of all tenants, `posthorn.tenant(id).subscribe` of
   * that one, whose name it then is.
   *
   * Events of one message come in the order in which they were stored. Where the handler throws or rejects, it is given the
   * same event again after a second, then after two, four … up to five minutes, and the others wait. Where a process dies,
   * another one that has subscribed goes on within half a minute, with the event at which it was or a little before: what
   * must not happen twice, remember by the event's `id`.
   *
   * It needs no `start()`: handlers run wherever `subscribe` was called, in web processes too. Several processes may
   * subscribe to one name with the same types; where their types differ (two versions of your program), the one that
   * subscribed last has it. An event is given as it was stored, with its message as that is now.
   *
   * @param name - yours: 1 to 64 letters, digits, ".", "_" or "-".
   * @param types - what of: outcomes of messages, what people did with them, and addresses that unsubscribed.
   * @throws InputError `invalid_input`: a name that cannot be one or that this instance handles already, a type that no
   * stored event has. ConfigurationError `closed`.
   *
   * @example
   * ```ts
   * import type { Posthorn } from '@posthorn/core';
   *
   * interface Orders {
   *   noteMail(eventId: string, orderId: string, status: string, why: string | null): Promise<void>;
   * }
   *
   * export function keepRecords(posthorn: Posthorn, orders: Orders) {
   *   return posthorn.subscribe('orders', ['message.delivered', 'message.bounced'], async (event) => {
   *     const why = event.type === 'message.bounced' ? event.bounce.category : null;
   *     if (event.message.key !== null) await orders.noteMail(event.id, event.message.key, event.message.status, why);
   *   });
   * }
   * ```
   */
  <const Name extends StoredEventName>(
    name: string,
    types: readonly Name[],
    handler: SubscriptionHandler<Name>,
  ) => Subscription;
