import { describeLimits, estimateEnd, LIMIT_SPANS, limitsOf } from '../accounts/index.ts';
import type { Context, Opened } from '../context.ts';
import type { BroadcastRecord } from '../ports/index.ts';
import type { BroadcastAccount } from './broadcast.ts';
import { scopeOf } from './stored-input.ts';
import { cursorOf, type ListCursor } from './write-list.ts';

/** The accounts that a broadcast leaves by, and what holds them up. */
export interface AccountProgress {
  readonly accounts: readonly BroadcastAccount[];
  /** When their limits will have let everything leave; null where none has limits. */
  readonly endsAt: number | null;
}

type ListAccount = ListCursor['accounts'][number];

/** Looks the accounts up as they are now. `open` messages are still to leave. */
export async function accountsOf(
  context: Context,
  opened: Opened,
  record: BroadcastRecord,
  open: number,
): Promise<AccountProgress> {
  const cursor = cursorOf(record);
  const accounts: BroadcastAccount[] = [];
  const ends: number[] = [];
  for (const account of cursor?.accounts ?? []) {
    const remaining = cursor === null ? 0 : shareOf(cursor, account, open);
    const { view, endsAt } = await accountOf(context, opened, record, account, remaining);
    accounts.push(view);
    if (endsAt !== null) ends.push(endsAt);
  }
  return { accounts, endsAt: ends.length === 0 ? null : Math.max(...ends) };
}

/** What is open is not counted by account: each is taken to have its share. */
function shareOf({ tally: { messages } }: ListCursor, { channel }: ListAccount, open: number): number {
  const all = Object.values(messages).reduce((sum, count) => sum + count, 0);
  return all === 0 ? 0 : Math.ceil((open * (messages[channel] ?? 0)) / all);
}

async function accountOf(
  context: Context,
  { store }: Opened,
  record: BroadcastRecord,
  { tenant, key }: ListAccount,
  remaining: number,
): Promise<{ readonly view: BroadcastAccount; readonly endsAt: number | null }> {
  const stored = await store.accounts.get(tenant, key);
  const limits = limitsOf(context, tenant, key, stored);
  const label = stored?.label ?? null;
  const paused = stored?.pause?.message ?? null;
  if (limits === null) return { view: { key, label, limits, paused, sentence: null }, endsAt: null };
  const now = context.clock.now();
  const opensAt = await store.deliveries.opensAt(tenant, key);
  const name = label ?? key;
  const sentence = describeLimits({ name, limits, remaining, opensAt, now }, scopeOf(record));
  const makesWait = LIMIT_SPANS.some(({ period }) => limits[period] !== undefined);
  const endsAt = remaining === 0 || !makesWait ? null : estimateEnd(limits, opensAt, remaining, now);
  return { view: { key, label, limits, paused, sentence }, endsAt };
}
