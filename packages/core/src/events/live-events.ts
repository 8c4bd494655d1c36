import { EventEmitter } from 'eventemitter3';
import { didYouMean } from '../did-you-mean.ts';
import { InputError } from '../errors.ts';
import type { Channel, Log, OutcomeName } from '../ports/index.ts';
import type { MessageFailure, MessageSummary } from './message-summary.ts';

/** Something became of a message. */
export interface MessageEvent {
  readonly tenant: string;
  /** The message as it is after the event. */
  readonly message: MessageSummary;
  /** When it happened; a provider may tell of it later. */
  readonly at: Date;
}

/** The other side refused a message for good, or took it and gave it back. */
export interface MessageBouncedEvent extends MessageEvent {
  readonly bounce: MessageFailure;
}

/** A person followed a link in a message. */
export interface MessageClickedEvent extends MessageEvent {
  /** Where it leads, as the provider tells it; null where it does not. */
  readonly url: string | null;
}

/** An account was paused, by hand or because its credentials no longer work; its messages wait. */
export interface AccountPausedEvent {
  /** `$platform` for an account given to `createPosthorn`. */
  readonly tenant: string;
  readonly account: string;
  readonly adapter: string;
  readonly reason: string;
  /** One sentence. */
  readonly message: string;
  readonly at: Date;
}

/** An account works again; the messages that waited for it leave. */
export interface AccountResumedEvent {
  /** `$platform` for an account given to `createPosthorn`. */
  readonly tenant: string;
  readonly account: string;
  readonly at: Date;
}

/**
 * A recipient has unsubscribed: by the link of a bulk message, at the provider, or by answering STOP. Its address gets
 * nothing more.
 */
export interface AddressUnsubscribedEvent {
  readonly tenant: string;
  readonly channel: Channel;
  /** Null where the message is not there any more. */
  readonly address: string | null;
  /** The message by which it did; of an answer, the last that was sent there. Null where that is not known. */
  readonly messageId: string | null;
  /** The broadcast of that message; null where it was a single one, or is not there any more. */
  readonly broadcast: string | null;
  readonly at: Date;
}

/** A recipient has taken back what it did, in the same way; its address is written to again. */
export interface AddressResubscribedEvent extends AddressUnsubscribedEvent {}

/** Events of a message's life: its outcomes, and the steps before there is one. */
export type MessageEventName = `message.${OutcomeName | 'scheduled' | 'queued' | 'requeued'}`;

/**
 * What can be listened to, and what a listener is given. Live: as it happens, and not again for whoever missed it. On
 * Postgres in every process of the same database, whichever did the work; there the message is as it was found a moment
 * later. On SQLite in the process that did the work. What nobody may miss is told by `subscribe`, or read from
 * `messages.list` and `messages.timeline`.
 */
export type LiveEventMap = {
  readonly [Name in Exclude<MessageEventName, 'message.bounced'>]: MessageEvent;
} & {
  readonly 'message.bounced': MessageBouncedEvent;
  /** A person opened a message, as far as anybody can tell: what machines do is not told. Each time it is reported. */
  readonly 'message.opened': MessageEvent;
  /** Each time it is reported; what machines do is not told. */
  readonly 'message.clicked': MessageClickedEvent;
  /** Its recipient reported a message as spam; the address is not written to any more. */
  readonly 'message.complained': MessageEvent;
  readonly 'address.unsubscribed': AddressUnsubscribedEvent;
  readonly 'address.resubscribed': AddressResubscribedEvent;
  readonly 'account.paused': AccountPausedEvent;
  readonly 'account.resumed': AccountResumedEvent;
};

/** The name of a live event. */
export type LiveEventName = keyof LiveEventMap;

/** As a record, so that none can be forgotten. */
const NAMES: Readonly<Record<LiveEventName, true>> = {
  'message.scheduled': true,
  'message.queued': true,
  'message.requeued': true,
  'message.skipped': true,
  'message.canceled': true,
  'message.expired': true,
  'message.accepted': true,
  'message.deferred': true,
  'message.delivered': true,
  'message.bounced': true,
  'message.rejected': true,
  'message.failed': true,
  'message.unknown': true,
  'message.opened': true,
  'message.clicked': true,
  'message.complained': true,
  'address.unsubscribed': true,
  'address.resubscribed': true,
  'account.paused': true,
  'account.resumed': true,
};

/** Called with each event; what it throws or rejects with is logged, and nobody else notices. */
export type LiveListener<Name extends LiveEventName> = (event: LiveEventMap[Name]) => unknown;

/** The listening side of the live events. */
export interface LiveSubscriptions {
  /**
   * Calls the listener on every event of that name. Answers a function that ends it, and nothing else.
   *
   * @throws InputError `invalid_input` for a name that no event has.
   */
  on<Name extends LiveEventName>(name: Name, listener: LiveListener<Name>): () => void;
  /** As `on`, for the next event only. */
  once<Name extends LiveEventName>(name: Name, listener: LiveListener<Name>): () => void;
  /** Ends what `on` or `once` began with this listener. */
  off<Name extends LiveEventName>(name: Name, listener: LiveListener<Name>): void;
}

/** That something happened, here or in another process, and to what: enough to know whether to look. */
export interface Stir {
  /** `broadcast`: somebody paused, resumed or canceled one. */
  readonly name: LiveEventName | 'broadcast';
  readonly tenant: string;
  /** The broadcast of the message. */
  readonly broadcast: string | null;
}

/** Whoever carries events between processes. */
export interface Carrier {
  /** Somebody listens, for the first time. */
  onListener(): void;
  /** Something happened here; without an event where there is nothing more to it. */
  carry(stir: Stir, event: LiveEventMap[LiveEventName] | null): void;
}

/** The live events of one instance, of all its tenants. */
export interface LiveEvents extends LiveSubscriptions {
  /** Something happened here: tells the listeners of all tenants and those of the event's own, and other processes. */
  emit<Name extends LiveEventName>(name: Name, event: LiveEventMap[Name]): void;
  /** Somebody paused, resumed or canceled a broadcast here. */
  touch(tenant: string, broadcast: string): void;
  /** Calls the listener whenever something happens anywhere; cheap, as nothing is read for it. Answers what ends it. */
  onStir(listener: (stir: Stir) => void): () => void;
  /** Something happened in another process. */
  stir(stir: Stir): void;
  /** Whether anybody would be told of such an event. */
  hears(name: LiveEventName, tenant: string): boolean;
  /** Tells the listeners of what happened in another process. */
  deliver<Name extends LiveEventName>(name: Name, event: LiveEventMap[Name]): void;
  /** There is one at most. */
  carryBy(carrier: Carrier): void;
  /** Hears one tenant's events only. */
  of(tenant: string): LiveSubscriptions;
}

/** Makes an instance's live events. A listener that fails is written to the log. */
export function createLiveEvents(log: Log): LiveEvents {
  const emitter = new EventEmitter<Record<string, [event: unknown]>>();
  const guard = createGuard(log);
  const stirred = new Set<(stir: Stir) => void>();
  let carrier: Carrier | null = null;
  let isHeard = false;

  const subscriptions = (keyOf: (name: string) => string): LiveSubscriptions => {
    const begin = (how: 'on' | 'once', name: LiveEventName, listener: AnyListener) => {
      checkSubscription(name, listener);
      const key = keyOf(name);
      const guarded = guard(listener);
      // Of its own, so that the answer ends this subscription and not another one of the same listener.
      const subscription = {};
      emitter[how](key, guarded, subscription);
      if (!isHeard) carrier?.onListener();
      isHeard = true;
      return () => {
        emitter.off(key, guarded, subscription);
      };
    };
    return {
      on: (name, listener) => begin('on', name, listener),
      once: (name, listener) => begin('once', name, listener),
      off(name, listener) {
        checkSubscription(name, listener);
        emitter.off(keyOf(name), guard(listener));
      },
    };
  };

  const deliver: LiveEvents['deliver'] = (name, event) => {
    emitter.emit(name, event);
    emitter.emit(ownName(event.tenant, name), event);
  };
  const stir: LiveEvents['stir'] = (news) => {
    for (const listener of stirred) listener(news);
  };

  return {
    ...subscriptions((name) => name),
    emit(name, event) {
      const news = { name, tenant: event.tenant, broadcast: broadcastOf(event) };
      stir(news);
      deliver(name, event);
      carrier?.carry(news, event);
    },
    touch(tenant, broadcast) {
      const news = { name: 'broadcast', tenant, broadcast } as const;
      stir(news);
      carrier?.carry(news, null);
    },
    onStir(listener) {
      stirred.add(listener);
      return () => {
        stirred.delete(listener);
      };
    },
    stir,
    hears: (name, tenant) =>
      emitter.listenerCount(name) > 0 || emitter.listenerCount(ownName(tenant, name)) > 0,
    deliver,
    carryBy(given) {
      carrier = given;
    },
    of: (tenant) => subscriptions((name) => ownName(tenant, name)),
  };
}

function broadcastOf(event: LiveEventMap[LiveEventName]): string | null {
  return 'message' in event && typeof event.message === 'object' ? event.message.broadcast : null;
}

/** Whether it is the name of a live event. */
export function isLiveEventName(name: unknown): name is LiveEventName {
  return typeof name === 'string' && Object.hasOwn(NAMES, name);
}

function checkSubscription(name: unknown, listener: unknown): void {
  if (!isLiveEventName(name)) {
    const advice = didYouMean(String(name), Object.keys(NAMES));
    throw new InputError('invalid_input', 'There is no live event of that name.', { path: 'name', advice });
  }
  if (typeof listener === 'function') return;
  throw new InputError('invalid_input', 'The listener is no function.', { path: 'listener' });
}

/** One emitter for all: a tenant without listeners costs nothing. */
function ownName(tenant: string, name: string): string {
  return `${name} ${tenant}`;
}

type AnyListener = (event: never) => unknown;
type GuardedListener = (event: unknown) => void;

/** The same listener always gives the same guarded one, so that `off` finds it again. */
function createGuard(log: Log): (listener: AnyListener) => GuardedListener {
  const guarded = new WeakMap<AnyListener, GuardedListener>();
  const report = (error: unknown) =>
    log.error('A listener of live events failed.', {
      error: error instanceof Error ? error.message : String(error),
    });
  return (listener) => {
    const known = guarded.get(listener);
    if (known !== undefined) return known;
    const made: GuardedListener = (event) => {
      try {
        const result = listener(event as never);
        if (result instanceof Promise) result.catch(report);
      } catch (error) {
        report(error);
      }
    };
    guarded.set(listener, made);
    return made;
  };
}
