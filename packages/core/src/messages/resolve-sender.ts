import { type CostEstimate, costOf, type ResolvedAccount, resolveAccount } from '../accounts/index.ts';
import type { Context, Opened, Scope } from '../context.ts';
import { ConfigurationError } from '../errors.ts';
import { resolveIdentity, type SendingIdentity } from '../identities/index.ts';
import type { Channel } from '../ports/index.ts';
import type { ChosenChannels } from './check-send.ts';

/** Who messages of a channel are from, and what they travel by. */
export interface Sender {
  readonly identity: SendingIdentity;
  readonly account: ResolvedAccount;
  /** Null where nothing is paid by the message. */
  readonly estimate: CostEstimate | null;
}

/** The senders of a send, by channel. */
export type Senders = ReadonlyMap<Channel, Sender>;

/** Keys of the identities that are asked for. */
interface WantedIdentities {
  /** By the call: it is taken, or there is an error. */
  readonly given: string | { readonly [K in Channel]?: string | undefined } | undefined;
  /** By the template, for all its channels: it is taken on those where there is one of that name. */
  readonly preferred: string | null;
}

/**
 * The sender of each channel. Where the first of several channels is asked for, one that has no sender is passed by, as
 * long as another has one.
 *
 * @throws ConfigurationError `no_account`, `no_sender`.
 * @throws NotFoundError `unknown_identity`, `unknown_account`.
 */
export async function resolveSenders(
  context: Context,
  opened: Opened,
  scope: Scope,
  { all, channels }: ChosenChannels,
  wanted: WantedIdentities,
): Promise<Senders> {
  const senders = new Map<Channel, Sender>();
  let missing: ConfigurationError | undefined;
  for (const channel of channels) checkAdapter(context, channel);
  for (const channel of channels) {
    try {
      senders.set(channel, await resolveSender(context, opened, scope, channel, wanted));
    } catch (error) {
      if (all || !isMissing(error)) throw error;
      missing ??= error;
    }
  }
  if (missing !== undefined && senders.size === 0) throw missing;
  return senders;
}

async function resolveSender(
  context: Context,
  opened: Opened,
  scope: Scope,
  channel: Channel,
  wanted: WantedIdentities,
): Promise<Sender> {
  const key = await wantedKey(opened, scope, channel, wanted);
  const identity = await resolveIdentity(context, opened, scope, channel, key);
  const account = await resolveAccount(context, opened, scope.tenant, identity.account, channel);
  return { identity, account, estimate: await costOf(context, opened, account) };
}

/** Null: the channel's default sender. */
async function wantedKey(
  { store }: Opened,
  { tenant }: Scope,
  channel: Channel,
  { given, preferred }: WantedIdentities,
): Promise<string | null> {
  const key = typeof given === 'object' ? given[channel] : given;
  if (key !== undefined) return key;
  if (preferred === null) return null;
  return (await store.identities.get(tenant, channel, preferred)) === undefined ? null : preferred;
}

function checkAdapter({ adapters }: Context, channel: Channel): void {
  for (const adapter of adapters.values()) if (adapter.channel === channel) return;
  throw new ConfigurationError('no_account', `No adapter for ${channel} messages is set up.`, {
    path: 'channel',
    advice:
      channel === 'internal'
        ? 'This version shows internal messages in previews and does not send them yet: leave the channel out.'
        : 'Give one to `createPosthorn` in `adapters`, or leave the channel out.',
  });
}

function isMissing(error: unknown): error is ConfigurationError {
  return error instanceof ConfigurationError && (error.code === 'no_sender' || error.code === 'no_account');
}
