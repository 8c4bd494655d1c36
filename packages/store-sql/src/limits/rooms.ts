/** From when to when an account's limits let nothing leave; nulls while something may. */
export interface Closing {
  readonly closed_at: number | null;
  readonly opens_at: number | null;
}

/** An account whose work waits, and what its limits say. */
export interface LimitedAccount extends Closing {
  readonly account_tenant: string;
  readonly account: string;
  /** As many as its limits let leave at a time, where that is known. */
  readonly room: number | null;
}

/** How many more rows of each account one scan may queue: what its limits would not let leave is better left waiting. */
export class Rooms {
  readonly #left = new Map<string, number>();

  of(account: LimitedAccount): number {
    // One at least: an attempt finds out what the limits are now.
    return this.#left.get(nameOf(account)) ?? Math.max(1, account.room ?? Number.POSITIVE_INFINITY);
  }

  take(account: LimitedAccount, rows: number): void {
    this.#left.set(nameOf(account), Math.max(0, this.of(account) - rows));
  }
}

/** When something may leave again; null at once. What was found before the clock was set back is found out anew. */
export function closedUntil({ closed_at, opens_at }: Closing, now: number): number | null {
  return closed_at === null || closed_at > now ? null : opens_at;
}

function nameOf({ account_tenant, account }: LimitedAccount): string {
  return `${account_tenant}\n${account}`;
}
