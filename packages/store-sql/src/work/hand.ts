import type { JobRecord, WorkOptions } from '@posthorn/core';

/** What a worker has room for. */
export interface Room {
  /** The places that nobody has. */
  readonly free: number;
  /**
   * The most jobs of one account, those in `held` included; null: as many as there are places. Where there is a limit, an
   * account has no more than it leaves free, either: however many of them hang, another one finds a place.
   */
  readonly perAccount: number | null;
  /** What broadcasts' jobs (priority above 0) may have of the places, those in `held` included; null: all of them. */
  readonly bulk: { readonly places: number; readonly perAccount: number } | null;
  /** What the worker has in hand already, the latest last. */
  readonly held: readonly JobRecord[];
}

/** What of a job decides whether there is room for it. */
export type Placed = Pick<JobRecord, 'accountTenant' | 'account' | 'priority'>;

export function roomOf(held: readonly JobRecord[], options: WorkOptions): Room {
  const { concurrency, perAccount = null } = options;
  return { free: concurrency - held.length, perAccount, bulk: bulkPlaces(options), held };
}

/** Half of the places, so that a single message finds one beside any broadcast; where there is only one, they share it. */
function bulkPlaces({ concurrency, bulkPerAccount }: WorkOptions): Room['bulk'] {
  if (bulkPerAccount === undefined) return null;
  return { places: Math.max(1, Math.floor(concurrency / 2)), perAccount: bulkPerAccount };
}

/** What the worker has in hand, with what it has chosen already. */
export class Hand {
  readonly #room: Room;
  readonly #ofAccount = new Map<string, number>();
  readonly #bulkOfAccount = new Map<string, number>();
  #bulk = 0;
  #taken = 0;

  constructor(room: Room) {
    this.#room = room;
    for (const job of room.held) this.#count(job);
  }

  /** The places that nobody has. */
  get free(): number {
    return this.#room.free - this.#taken;
  }

  /** The places that broadcasts' jobs may still have. */
  get bulkRoom(): number {
    const { bulk } = this.#room;
    return bulk === null ? Number.POSITIVE_INFINITY : Math.max(0, bulk.places - this.#bulk);
  }

  /** The names of all accounts of which something is in hand. */
  get accounts(): readonly string[] {
    return [...this.#ofAccount.keys()];
  }

  /** How many jobs of this account and priority could be taken one after the other. */
  roomFor(job: Placed): number {
    return this.roomOf(accountName(job), isBulk(job));
  }

  roomOf(account: string, ofBroadcasts: boolean): number {
    const { perAccount, bulk } = this.#room;
    const inHand = this.#ofAccount.get(account) ?? 0;
    // Each one taken leaves one place less free and has the account hold one more.
    const room =
      perAccount === null ? this.free : Math.min(perAccount - inHand, Math.ceil((this.free - inHand) / 2));
    if (bulk === null || !ofBroadcasts) return room;
    return Math.min(room, this.bulkRoom, bulk.perAccount - (this.#bulkOfAccount.get(account) ?? 0));
  }

  take(job: Placed): void {
    this.#taken += 1;
    this.#count(job);
  }

  #count(job: Placed): void {
    const account = accountName(job);
    add(this.#ofAccount, account);
    if (!isBulk(job)) return;
    add(this.#bulkOfAccount, account);
    this.#bulk += 1;
  }
}

export function isBulk({ priority }: Pick<JobRecord, 'priority'>): boolean {
  return priority > 0;
}

/** Of an account among all tenants'. */
export function accountName({ accountTenant, account }: Omit<Placed, 'priority'>): string {
  return JSON.stringify([accountTenant, account]);
}

function add(counts: Map<string, number>, name: string): void {
  counts.set(name, (counts.get(name) ?? 0) + 1);
}
