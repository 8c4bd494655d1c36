import { z } from 'zod';
import { checkInput, lookupSchema } from '../check-input.ts';
import type { Context, Scope } from '../context.ts';
import { type Identities, identityOf } from './identity.ts';
import { markNeeded, saveIdentity } from './save-identity.ts';

const channelSchema = z.enum(['email', 'sms']);
const listSchema = z.strictObject({ channel: channelSchema.optional() });

/** The identities of one tenant. */
export function createIdentities(context: Context, scope: Pick<Scope, 'country' | 'tenant'>): Identities {
  const { tenant } = scope;
  const rows = async () => (await context.open()).store.identities;
  const checkChannel = (channel: unknown) => checkInput(channelSchema, channel, 'channel', 'channel');
  const checkKey = (key: unknown) => checkInput(lookupSchema, key, 'key of an identity', 'key');
  return {
    async save(input) {
      return identityOf(await saveIdentity(context, scope, input));
    },
    async list(options = {}) {
      const { channel } = checkInput(listSchema, options, 'list of identities');
      return (await (await rows()).list(tenant, channel)).map(identityOf);
    },
    async get(channel, key) {
      const found = await (await rows()).get(tenant, checkChannel(channel), checkKey(key));
      return found === undefined ? null : identityOf(found);
    },
    async remove(channel, key) {
      const result = await (await rows()).remove(tenant, checkChannel(channel), checkKey(key));
      if (result === 'is_default' || result === 'is_contact') throw markNeeded(key, channel, result);
      return result === 'removed';
    },
    async contact() {
      const found = await (await rows()).contactOf(tenant);
      return found === undefined ? null : { name: found.name, address: found.address };
    },
    async default(channel) {
      const found = await (await rows()).defaultOf(tenant, checkChannel(channel));
      return found === undefined ? null : identityOf(found);
    },
  };
}
