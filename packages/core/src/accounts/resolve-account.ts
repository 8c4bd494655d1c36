import { type Context, type Opened, PLATFORM_TENANT } from '../context.ts';
import { didYouMean, quoted } from '../did-you-mean.ts';
import { ConfigurationError, NotFoundError } from '../errors.ts';
import type { AccountLimits, AccountPause, AccountRecord, AnyAdapter, Channel } from '../ports/index.ts';
import { platformSettings } from './account-settings.ts';
import { limitsOf } from './limits.ts';

/** The account that a message travels by. */
export interface ResolvedAccount {
  /** `$platform` for the platform's own. */
  readonly tenant: string;
  readonly key: string;
  readonly adapter: string;
  readonly channel: Channel;
  readonly paused: AccountPause | null;
  readonly limits: AccountLimits | null;
}

type Rooms = Pick<Context, 'adapters'>;
type RoomsAndLimits = Pick<Context, 'adapters' | 'limits'>;
type Stored = Pick<Opened, 'store'>;

/**
 * The account by that key: the tenant's own, or the platform's of that adapter. Null is the channel's default: the first
 * adapter of the channel that brings a platform's account.
 *
 * @throws NotFoundError `unknown_account` where there is none of that channel.
 * @throws ConfigurationError `no_account` where the channel has no default; `unknown_adapter` where the account's adapter
 *   is no longer given to `createPosthorn`.
 */
export async function resolveAccount(
  context: RoomsAndLimits,
  opened: Stored,
  tenant: string,
  accountKey: string | null,
  channel: Channel,
): Promise<ResolvedAccount> {
  if (accountKey === null) return resolvePlatform(context, opened, defaultAdapter(context, channel));
  const platform = platformAdapter(context, accountKey);
  if (platform !== undefined && platform.channel === channel)
    return resolvePlatform(context, opened, platform);
  const record = await opened.store.accounts.get(tenant, accountKey);
  if (record === undefined || record.channel !== channel) {
    throw await unknownAccount(context, opened, tenant, accountKey, channel);
  }
  adapterOf(context, record);
  const { key, adapter, pause } = record;
  return { tenant, key, adapter, channel, paused: pause, limits: record.limits };
}

/** Whom messages are from that name nobody, by the platform's account that is the channel's default; null where it names nobody. */
export function defaultSenderOf(context: Rooms, channel: Channel): string | null {
  const adapter = firstOf(context, channel);
  return adapter?.defaultSender?.(platformSettings(adapter)) ?? null;
}

/** The adapter by that key, if it brings the platform's own account. */
export function platformAdapter(context: Rooms, key: string): AnyAdapter | undefined {
  const adapter = context.adapters.get(key);
  return adapter?.platform === undefined ? undefined : adapter;
}

/** The adapters that bring a platform's account, in their order. */
export function platformAdapters(context: Rooms): readonly AnyAdapter[] {
  return [...context.adapters.values()].filter(({ platform }) => platform !== undefined);
}

/** @throws ConfigurationError `unknown_adapter` where it is no longer given to `createPosthorn`. */
export function adapterOf(context: Rooms, record: Pick<AccountRecord, 'key' | 'adapter'>): AnyAdapter {
  const adapter = context.adapters.get(record.adapter);
  if (adapter !== undefined) return adapter;
  throw new ConfigurationError(
    'unknown_adapter',
    `The account ${quoted(record.key)} needs the adapter ${quoted(record.adapter)}, which is not set up.`,
    { advice: 'Give it to `createPosthorn` in `adapters`, or save the account with another adapter.' },
  );
}

/** The error that names what there is instead. */
export async function unknownAccount(
  context: Rooms,
  opened: Stored,
  tenant: string,
  key: string,
  channel?: Channel,
): Promise<NotFoundError> {
  const own = await opened.store.accounts.list(tenant);
  const known = [...own, ...platformAdapters(context)]
    .filter((account) => channel === undefined || account.channel === channel)
    .map((account) => account.key);
  const kind = channel === undefined ? 'account' : `account for ${channel}`;
  return new NotFoundError('unknown_account', `There is no ${kind} ${quoted(key)}.`, {
    path: 'account',
    advice: didYouMean(key, known),
  });
}

async function resolvePlatform(
  context: RoomsAndLimits,
  opened: Stored,
  { key, channel }: AnyAdapter,
): Promise<ResolvedAccount> {
  const row = await opened.store.accounts.get(PLATFORM_TENANT, key);
  const limits = limitsOf(context, PLATFORM_TENANT, key, row);
  return { tenant: PLATFORM_TENANT, key, adapter: key, channel, paused: row?.pause ?? null, limits };
}

function firstOf(context: Rooms, channel: Channel): AnyAdapter | undefined {
  return platformAdapters(context).find((adapter) => adapter.channel === channel);
}

function defaultAdapter(context: Rooms, channel: Channel): AnyAdapter {
  const first = firstOf(context, channel);
  if (first !== undefined) return first;
  throw new ConfigurationError('no_account', `No account is set up for ${channel}.`, {
    advice: `Give settings to an adapter for ${channel}, or save an account and name it in the identity.`,
  });
}
