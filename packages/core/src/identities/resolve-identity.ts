import type { Opened, Scope } from '../context.ts';
import { didYouMean, quoted } from '../did-you-mean.ts';
import { ConfigurationError, NotFoundError } from '../errors.ts';
import type { Channel, IdentityRecord } from '../ports/index.ts';

/**
 * The identity by that key, or the channel's default sender where no key is given.
 *
 * @throws NotFoundError `unknown_identity`.
 * @throws ConfigurationError `no_sender` where the channel has no identity yet.
 */
export async function resolveIdentity(
  _context: unknown,
  opened: Pick<Opened, 'store'>,
  { tenant }: Pick<Scope, 'tenant'>,
  channel: Channel,
  key: string | null,
): Promise<IdentityRecord> {
  const { identities } = opened.store;
  if (key === null) return (await identities.defaultOf(tenant, channel)) ?? raise(noSender(channel));
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

function noSender(channel: Channel): ConfigurationError {
  return new ConfigurationError('no_sender', `Nobody is named as the sender of ${channel} messages.`, {
    advice: `Save an identity first: \`identities.save({ key, channel: '${channel}', address })\`.`,
  });
}

function raise(error: Error): never {
  throw error;
}
