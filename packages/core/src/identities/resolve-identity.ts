import { defaultSenderOf } from '../accounts/index.ts';
import type { Context, Opened, Scope } from '../context.ts';
import { didYouMean, quoted } from '../did-you-mean.ts';
import { ConfigurationError, NotFoundError } from '../errors.ts';
import type { Channel, IdentityRecord } from '../ports/index.ts';

/** Who a message is from. */
export interface SendingIdentity extends Pick<IdentityRecord, 'name' | 'address' | 'replyTo' | 'account'> {
  /** Null where it is the platform's own sender, which the settings of its account name. */
  readonly key: string | null;
}

/**
 * The identity by that key, or the channel's default sender where no key is given. A tenant that has saved none sends by
 * the platform's account as its settings say, where they do.
 *
 * @throws NotFoundError `unknown_identity`.
 * @throws ConfigurationError `no_sender` where the channel has no identity yet.
 */
export async function resolveIdentity(
  context: Pick<Context, 'adapters'>,
  opened: Pick<Opened, 'store'>,
  { tenant }: Pick<Scope, 'tenant'>,
  channel: Channel,
  key: string | null,
): Promise<SendingIdentity> {
  const { identities } = opened.store;
  if (key === null) {
    const own = await identities.defaultOf(tenant, channel);
    return own ?? platformIdentity(context, channel) ?? raise(noSender(channel));
  }
  const found = await identities.get(tenant, channel, key);
  if (found !== undefined) return found;
  const known = await identities.list(tenant, channel);
  throw new NotFoundError('unknown_identity', `There is no identity ${quoted(key)} for ${channel}.`, {
    path: 'identity',
    advice: didYouMean(
      key,
      known.map((identity) => identity.key),
    ),
  });
}

function platformIdentity(context: Pick<Context, 'adapters'>, channel: Channel): SendingIdentity | null {
  const address = defaultSenderOf(context, channel);
  return address === null ? null : { key: null, name: null, address, replyTo: null, account: null };
}

function noSender(channel: Channel): ConfigurationError {
  return new ConfigurationError('no_sender', `Nobody is named as the sender of ${channel} messages.`, {
    advice: `Save an identity first: \`identities.save({ key, channel: '${channel}', address })\`.`,
  });
}

function raise(error: Error): never {
  throw error;
}
