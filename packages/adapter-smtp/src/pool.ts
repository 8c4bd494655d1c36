import { abortedFailure } from './failure.ts';
import type { OpenedSession } from './open-session.ts';
import type { Session } from './session.ts';

export interface PoolOptions {
  readonly open: (signal: AbortSignal) => Promise<OpenedSession>;
  readonly maxConnections: number;
  /** How long a session waits for the next message. */
  readonly idleMs: number;
}

interface Waiter {
  /** Only a session that nobody used before will do. */
  readonly fresh: boolean;
  readonly resolve: (opened: OpenedSession) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * The sessions of one account. One is opened at a time, so that a wrong password is tried once and not once per message.
 * A server that refuses one more connection while others work is taken at its word until all have ended; if none works,
 * everybody who waits hears why.
 */
export class Pool {
  readonly #options: PoolOptions;
  readonly #idle = new Map<Session, NodeJS.Timeout>();
  /** Those that have not ended, with how many messages each is in use for. */
  readonly #live = new Map<Session, number>();
  readonly #waiters: Waiter[] = [];
  #opening: AbortController | undefined;
  #closed = false;
  #most: number;

  constructor(options: PoolOptions) {
    this.#options = options;
    this.#most = options.maxConnections;
  }

  /** A session for one message; give it back with `release`. */
  acquire(signal: AbortSignal, fresh = false): Promise<OpenedSession> {
    if (signal.aborted) return Promise.resolve(stopped());
    const session = fresh ? undefined : this.#takeIdle();
    if (session !== undefined) return Promise.resolve({ session });
    if (fresh) void this.#closeIdle();
    return new Promise((resolve, reject) => {
      const settled = () => signal.removeEventListener('abort', onAbort);
      const waiter: Waiter = {
        fresh,
        reject: (error) => {
          settled();
          reject(error);
        },
        resolve: (opened) => {
          settled();
          resolve(opened);
        },
      };
      const onAbort = () => {
        this.#waiters.splice(this.#waiters.indexOf(waiter), 1);
        if (this.#waiters.length === 0) this.#opening?.abort();
        resolve(stopped());
      };
      signal.addEventListener('abort', onAbort, { once: true });
      this.#waiters.push(waiter);
      this.#grow();
    });
  }

  /**
   * Gives a session that is still in use to whoever waits next, and says whether somebody does. Only where no other
   * connection could serve them sooner.
   */
  passOn(session: Session): boolean {
    const [waiter] = this.#waiters;
    if (waiter === undefined || waiter.fresh || this.#opening || this.#live.size < this.#most) return false;
    this.#waiters.shift();
    this.#use(session, 1);
    waiter.resolve({ session });
    return true;
  }

  /** Once for every message that it was acquired for. */
  release(session: Session): void {
    if (this.#use(session, -1) > 0) return;
    const [waiter] = this.#waiters;
    if (!session.alive || (waiter === undefined && this.#closed) || (waiter?.fresh && session.uses > 0)) {
      void this.#forget(session);
    } else if (waiter === undefined) {
      this.#rest(session);
    } else {
      this.#waiters.shift();
      this.#use(session, 1);
      waiter.resolve({ session });
    }
  }

  /** Ends what is idle; what is in use ends when it is released and its time is over. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#closeIdle();
  }

  #grow(): void {
    if (this.#opening || this.#waiters.length === 0 || this.#live.size >= this.#most) return;
    const opening = new AbortController();
    this.#opening = opening;
    void this.#options
      .open(opening.signal)
      .then((opened) => {
        this.#opening = undefined;
        if ('session' in opened) this.#welcome(opened.session);
        else if (!opening.signal.aborted) this.#giveUp(opened);
        this.#grow();
      })
      .catch((error: unknown) => {
        // A programming error: whoever waits must hear it, or would wait for ever.
        this.#opening = undefined;
        for (const waiter of this.#waiters.splice(0)) waiter.reject(error);
      });
  }

  #welcome(session: Session): void {
    this.#live.set(session, 1);
    session.onEnd(() => void this.#forget(session));
    this.release(session);
  }

  #giveUp(failed: OpenedSession): void {
    if (this.#live.size > 0) {
      this.#most = this.#live.size;
      return;
    }
    for (const waiter of this.#waiters.splice(0)) waiter.resolve(failed);
  }

  #takeIdle(): Session | undefined {
    const session = [...this.#idle.keys()].findLast(({ alive }) => alive);
    if (session === undefined) return undefined;
    this.#wake(session);
    return session;
  }

  #rest(session: Session): void {
    session.rest(true);
    const timer = setTimeout(() => void this.#forget(session), this.#options.idleMs);
    this.#idle.set(session, timer.unref());
  }

  /** How many messages it is in use for from now on. */
  #use(session: Session, change: 1 | -1): number {
    const uses = (this.#live.get(session) ?? 0) + change;
    if (this.#live.has(session)) this.#live.set(session, uses);
    return uses;
  }

  #wake(session: Session): void {
    this.#use(session, 1);
    clearTimeout(this.#idle.get(session));
    this.#idle.delete(session);
    session.rest(false);
  }

  async #forget(session: Session): Promise<void> {
    if (!this.#live.delete(session)) return;
    clearTimeout(this.#idle.get(session));
    this.#idle.delete(session);
    if (this.#live.size === 0) this.#most = this.#options.maxConnections;
    this.#grow();
    await session.close();
  }

  async #closeIdle(): Promise<void> {
    await Promise.all([...this.#idle.keys()].map((session) => this.#forget(session)));
  }
}

function stopped(): OpenedSession {
  return { failure: abortedFailure('connect') };
}
