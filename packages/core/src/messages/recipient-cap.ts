import type { ResolvedAccount } from '../accounts/index.ts';
import type { Opened } from '../context.ts';
import type { RecipientLimit } from '../ports/index.ts';

const DAY_MS = 86_400_000;

/** How many messages an address may have within a day by one account, and how many it has. */
export interface RecipientCap {
  /** Looks up what these have had; those that were looked up before stay as they are counted. */
  look(addressKeys: readonly string[]): Promise<void>;
  hadEnough(addressKey: string): boolean;
  /** It gets one more. */
  note(addressKey: string): void;
}

const NO_CAP: RecipientCap = {
  look: async () => undefined,
  hadEnough: () => false,
  note: () => undefined,
};

/** How many messages addresses have, where a store has just counted them. */
export type Had = ReadonlyMap<string, number>;

/** Counts for the messages of one call, which leave at `leavesAt`. What others write in this very moment is not seen. */
export function recipientCap(
  { store }: Pick<Opened, 'store'>,
  tenant: string,
  { key: account, tenant: accountTenant, limits }: ResolvedAccount,
  leavesAt: number,
  known?: Had,
): RecipientCap {
  const most = limits?.perRecipientPerDay;
  if (most === undefined) return NO_CAP;
  const had = new Map(known);
  return {
    async look(addressKeys) {
      const asked = addressKeys.filter((key) => !had.has(key));
      if (asked.length === 0) return;
      const wanted = { account, accountTenant, addressKeys: asked, ...dayAround(leavesAt) };
      const counts = await store.messages.countTo(tenant, wanted);
      for (const key of asked) had.set(key, counts.get(key) ?? 0);
    },
    hadEnough: (addressKey) => (had.get(addressKey) ?? 0) >= most,
    note: (addressKey) => void had.set(addressKey, (had.get(addressKey) ?? 0) + 1),
  };
}

/** What is scheduled was written earlier, so a day has two sides. */
export function dayAround(time: number): Pick<RecipientLimit, 'from' | 'until'> {
  return { from: time - DAY_MS, until: time + DAY_MS };
}
