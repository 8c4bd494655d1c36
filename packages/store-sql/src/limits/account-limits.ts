import { spendLimits, type TurnLimits } from '@posthorn/core';
import { lock } from '../locks.ts';
import { first, type Program, run, statement } from '../program.ts';

type Place = { accountTenant: string; account: string };
type Kept = { uses: string; closedAt: number | null; opensAt: number | null; room: number };

const stateOf = statement((db, p: Place) =>
  db
    .selectFrom('posthorn_limits')
    .select(['uses', 'opens_at'])
    .where('account_tenant', '=', p.accountTenant)
    .where('account', '=', p.account),
);

const keepUses = statement((db, p: Place & Kept) =>
  db
    .insertInto('posthorn_limits')
    .values({
      account_tenant: p.accountTenant,
      account: p.account,
      uses: p.uses,
      closed_at: p.closedAt,
      opens_at: p.opensAt,
      room: p.room,
    })
    .onConflict((conflict) =>
      conflict.columns(['account_tenant', 'account']).doUpdateSet((it) => ({
        uses: it.ref('excluded.uses'),
        closed_at: it.ref('excluded.closed_at'),
        opens_at: it.ref('excluded.opens_at'),
        room: it.ref('excluded.room'),
      })),
    ),
);

const forget = statement((db, p: Place) =>
  db
    .updateTable('posthorn_limits')
    .set({ closed_at: null, opens_at: null, room: null })
    .where('account_tenant', '=', p.accountTenant)
    .where('account', '=', p.account),
);

const remove = statement((db, p: Place) =>
  db
    .deleteFrom('posthorn_limits')
    .where('account_tenant', '=', p.accountTenant)
    .where('account', '=', p.account),
);

/**
 * Uses up room for the attempts that begin in this transaction, and answers for how many there is. Of none wanted it is
 * seen what the limits say now.
 */
export function* spend(
  { accountTenant, account, limits }: TurnLimits,
  now: number,
  wanted: number,
): Program<number> {
  yield* lock(`limits ${accountTenant} ${account}`);
  const row = yield* first(stateOf, { accountTenant, account });
  const before = row === undefined ? {} : JSON.parse(row.uses);
  const { granted, uses, opensAt, room } = spendLimits(limits, before, now, wanted);
  // Without any limit there is nothing to remember.
  if (Object.keys(uses).length === 0) yield* removeLimits(accountTenant, account);
  else {
    const closedAt = opensAt === null ? null : now;
    yield* run(keepUses, { accountTenant, account, uses: JSON.stringify(uses), closedAt, opensAt, room });
  }
  return granted;
}

/** When something may leave again, as its last turn found. */
export function* opensAt(accountTenant: string, account: string): Program<number | null> {
  return (yield* first(stateOf, { accountTenant, account }))?.opens_at ?? null;
}

/** Under other limits the account opens at once, and the next attempt finds out. What was used stays used. */
export function* openAgain(accountTenant: string, account: string): Program<void> {
  yield* run(forget, { accountTenant, account });
}

export function* removeLimits(accountTenant: string, account: string): Program<void> {
  yield* run(remove, { accountTenant, account });
}
