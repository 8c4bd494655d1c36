import { type Context, PLATFORM_TENANT, type Scope } from '../context.ts';
import { quoted } from '../did-you-mean.ts';
import { ConflictError } from '../errors.ts';
import type { AccountPause, AccountRecord, AnyAdapter, PausableAccount } from '../ports/index.ts';
import { type Account, accountOf, pauseOf } from './account.ts';
import { readableSecrets } from './account-settings.ts';
import { platformAdapter, platformAdapters, unknownAccount } from './resolve-account.ts';

/** An account by its key, the tenant's own or the platform's. */
interface FoundAccount {
  /** Whose it is. */
  readonly account: PausableAccount;
  /** Absent for the platform's own, of which at most the pause is stored. */
  readonly record: AccountRecord | undefined;
  readonly view: Account;
}

/** Finds an account that this tenant may see. */
export async function findAccount(
  context: Context,
  tenant: string,
  key: string,
): Promise<FoundAccount | undefined> {
  const { store } = await context.open();
  const platform = platformAdapter(context, key);
  if (platform !== undefined) {
    const row = await store.accounts.get(PLATFORM_TENANT, key);
    const { channel } = platform;
    const account = { tenant: PLATFORM_TENANT, key, adapter: key, channel };
    return { account, record: undefined, view: platformView(context, platform, row?.pause ?? null) };
  }
  const record = await store.accounts.get(tenant, key);
  return record === undefined ? undefined : { account: record, record, view: viewOf(context, record) };
}

/**
 * Finds an account that this call may pause, resume and try. The platform's serves all tenants, so no single one may.
 *
 * @throws NotFoundError `unknown_account`; ConflictError `account_key_reserved`.
 */
export async function findOwnAccount(context: Context, scope: Scope, key: string): Promise<FoundAccount> {
  const found = await findAccount(context, scope.tenant, key);
  if (found === undefined) throw await unknownAccount(context, await context.open(), scope.tenant, key);
  if (found.record !== undefined || !scope.scoped) return found;
  throw new ConflictError('account_key_reserved', `${quoted(key)} is the platform's own account.`, {
    path: 'key',
    advice: 'It serves all tenants: work on it by a call that names none.',
  });
}

/** The tenant's own by key, then the platform's. */
export async function listAccounts(context: Context, tenant: string): Promise<readonly Account[]> {
  const { store } = await context.open();
  const [own, rows] = [await store.accounts.list(tenant), await store.accounts.list(PLATFORM_TENANT)];
  const pauses = new Map(rows.map(({ key, pause }) => [key, pause]));
  return [
    ...own.map((record) => viewOf(context, record)),
    ...platformAdapters(context).map((adapter) =>
      platformView(context, adapter, pauses.get(adapter.key) ?? null),
    ),
  ];
}

/** A stored account as people see it. */
export function viewOf(context: Pick<Context, 'vault'>, record: AccountRecord): Account {
  return accountOf(record, Object.keys(readableSecrets(context, record)));
}

function platformView(
  { limits }: Pick<Context, 'limits'>,
  { key, channel }: AnyAdapter,
  pause: AccountPause | null,
): Account {
  return {
    key,
    adapter: key,
    channel,
    label: null,
    settings: {},
    hasSecrets: [],
    paused: pauseOf(pause),
    limits: limits.get(key) ?? null,
    platform: true,
    createdAt: null,
    updatedAt: null,
  };
}
