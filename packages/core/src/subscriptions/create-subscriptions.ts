import type { Context } from '../context.ts';
import { ConfigurationError, InputError } from '../errors.ts';
import type { SubscriptionLag } from '../ports/index.ts';
import { checkHandler, checkName, checkTypes } from './check-subscription.ts';
import { Handling } from './handling.ts';
import { namesOf } from './stored-event.ts';
import type { Subscribe, SubscriptionSummary, Subscriptions } from './subscription.ts';

/** What a tenant sees of it. */
export interface SubscriptionFace {
  readonly subscribe: Subscribe;
  readonly subscriptions: Subscriptions;
}

/** All subscriptions of one instance. */
export interface SubscriptionDesk {
  /** Null: of all tenants. */
  of(tenant: string | null): SubscriptionFace;
  /** Resolves once the store knows of all that was subscribed to so far, or could not be told. */
  begun(): Promise<void>;
  /** Ends all of it. A handler that does not come to an end is left alone after a while. */
  stop(): Promise<void>;
}

const STOP_AFTER_MS = 10_000;

/** Nothing is opened before somebody subscribes. `open` is the backend's, which waits for no subscription. */
export function createSubscriptionDesk(
  context: Pick<Context, 'clock' | 'log' | 'live' | 'open'>,
): SubscriptionDesk {
  const { clock, log, live, open } = context;
  const handled = new Map<string, Handling>();
  let isClosed = false;

  const faceOf = (tenant: string | null): SubscriptionFace => {
    const keyOf = (name: string) => JSON.stringify([tenant, name]);

    const end = (name: string, handling: Handling): Promise<void> => {
      if (handled.get(keyOf(name)) === handling) handled.delete(keyOf(name));
      return handling.stop();
    };

    return {
      subscribe(givenName, givenTypes, givenHandler) {
        const name = checkName(givenName);
        const types = checkTypes(givenTypes);
        const handler = checkHandler(givenHandler);
        if (isClosed) throw closedError();
        if (handled.has(keyOf(name))) throw takenError(name);
        const handling = new Handling({ ...context, tenant, name, types, handler });
        handled.set(keyOf(name), handling);
        const wakers: ReadonlySet<string> = new Set(types);
        const deafen = live.onStir((stir) => {
          if (wakers.has(stir.name) && (tenant === null || tenant === stir.tenant)) handling.wake();
        });
        void handling.ended.then(() => {
          deafen();
          void end(name, handling);
        });
        return { stop: () => end(name, handling) };
      },
      subscriptions: {
        async list() {
          const { store } = await open();
          await begun();
          return (await store.subscriptions.list(tenant)).map(summaryOf);
        },
        async remove(givenName) {
          const name = checkName(givenName);
          const { store } = await open();
          await begun();
          const isRemoved = await store.subscriptions.remove(tenant, name, clock.now());
          const handling = handled.get(keyOf(name));
          // Not awaited: it may be the handler that removes it.
          if (handling !== undefined) void end(name, handling);
          return isRemoved;
        },
      },
    };
  };

  const begun = async (): Promise<void> => {
    for (const { begun } of handled.values()) await begun;
  };

  return {
    of: faceOf,
    begun,
    async stop() {
      isClosed = true;
      const stopping = [...handled.values()].map((handling) => handling.stop());
      const patience = new AbortController();
      const outOfPatience = clock.sleep(STOP_AFTER_MS, patience.signal).then(
        () => log.warn('A handler of a subscription did not end; its event is given again.', {}),
        () => undefined,
      );
      await Promise.race([Promise.all(stopping), outOfPatience]);
      patience.abort();
    },
  };
}

function summaryOf({ name, types, createdAt, waiting, waitingSince }: SubscriptionLag): SubscriptionSummary {
  return {
    name,
    types: namesOf(types),
    createdAt: new Date(createdAt),
    waiting,
    waitingSince: waitingSince === null ? null : new Date(waitingSince),
  };
}

function takenError(name: string): InputError {
  return new InputError('invalid_input', `Something in this process handles the subscription "${name}".`, {
    path: 'name',
    advice:
      'Subscribe once to a name, with all types that its handler needs; or stop() the earlier one first.',
  });
}

function closedError(): ConfigurationError {
  return new ConfigurationError('closed', 'This Posthorn was closed.', {
    advice: 'Call close() last, or make a new one with createPosthorn.',
  });
}
