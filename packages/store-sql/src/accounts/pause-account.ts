import type { AccountPause, PausableAccount } from '@posthorn/core';
import { lock, setUpOf } from '../locks.ts';
import { all, first, insert, type Program, run, statement } from '../program.ts';
import { accountValues, insertAccount, pauseOf } from './account-row.ts';
import { accountByKey } from './get-account.ts';

/** Owns the platform's accounts; see PLATFORM_TENANT in core. */
const PLATFORM_TENANT = '$platform';

const setPauseColumn = statement(
  (db, p: { tenant: string; key: string; pause: string | null; now: number }) =>
    db
      .updateTable('posthorn_accounts')
      .set({ pause: p.pause, updated_at: p.now })
      .where('tenant', '=', p.tenant)
      .where('key', '=', p.key),
);

const everyPaused = statement((db) =>
  db.selectFrom('posthorn_accounts').select(['tenant', 'key']).where('pause', 'is not', null),
);

/**
 * A pause by hand replaces an automatic one, never the other way round: what a person stopped, only a person starts
 * again. A second cause of the same kind changes nothing.
 */
export function* setPause(
  account: PausableAccount,
  pause: AccountPause | null,
  now: number,
): Program<boolean> {
  const { tenant, key } = account;
  yield* lock(setUpOf(tenant));
  const row = yield* first(accountByKey, { tenant, key });
  if (row === undefined) return yield* insertPaused(account, pause, now);
  const before = pauseOf(row.pause);
  if (!changesPause(before, pause)) return false;
  yield* run(setPauseColumn, { tenant, key, pause: pause && JSON.stringify(pause), now });
  return true;
}

export function* pausedAccounts(): Program<readonly { readonly tenant: string; readonly key: string }[]> {
  return (yield* all(everyPaused, {})).map(({ tenant, key }) => ({ tenant, key }));
}

function changesPause(before: AccountPause | null, after: AccountPause | null): boolean {
  if (before === null || after === null) return before !== after;
  return before.reason !== 'by_hand' && after.reason !== before.reason;
}

function* insertPaused(account: PausableAccount, pause: AccountPause | null, now: number): Program<boolean> {
  if (pause === null || account.tenant !== PLATFORM_TENANT) return false;
  const record = {
    ...account,
    label: null,
    settings: {},
    sealedSecrets: null,
    pause,
    limits: null,
    createdAt: now,
    updatedAt: now,
  };
  yield* insert(insertAccount, [accountValues(record)]);
  return true;
}
