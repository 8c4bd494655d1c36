import { z } from 'zod';
import { resolveAccount } from '../accounts/index.ts';
import { checkInput, inputErrorOf, keySchema } from '../check-input.ts';
import type { Context, Scope } from '../context.ts';
import { quoted } from '../did-you-mean.ts';
import { ConflictError, InputError } from '../errors.ts';
import type { IdentityRecord } from '../ports/index.ts';
import { checkDisplayName, checkEmailAddress, phonesOf } from '../recipients/index.ts';
import type { IdentityInput } from './identity.ts';

const inputSchema = z.strictObject({
  key: keySchema,
  channel: z.enum(['email', 'sms']),
  name: z.string().max(200).optional(),
  address: z.string(),
  replyTo: z.string().optional(),
  account: z.string().optional(),
  default: z.boolean().optional(),
  contact: z.boolean().optional(),
});

/** Letters, digits and spaces (GSM 03.38 allows more, carriers do not), with a letter among them. */
const SENDER_ID = /^(?=.*[A-Za-z])[A-Za-z0-9](?:[A-Za-z0-9 ]{0,9}[A-Za-z0-9])?$/;

/** Twilio's id of a group of senders, of which it picks one for each message. */
const MESSAGING_SERVICE = /^MG[0-9a-fA-F]{32}$/;

/** Saves an identity; a mark that is left out stays where it is. */
export async function saveIdentity(
  context: Context,
  scope: Pick<Scope, 'country' | 'tenant'>,
  input: IdentityInput,
): Promise<IdentityRecord> {
  const { tenant } = scope;
  const given = checkInput(inputSchema, input, 'identity');
  const { key, channel } = given;
  if (channel !== 'email') checkEmailOnly(given);
  const fields = {
    name: checkDisplayName(given.name, 'name'),
    address:
      channel === 'email'
        ? checkEmailAddress(given.address, 'address')
        : await checkSmsSender(context, scope, given.address),
    replyTo: given.replyTo === undefined ? null : checkEmailAddress(given.replyTo, 'replyTo'),
    account: given.account ?? null,
  };

  const opened = await context.open();
  if (fields.account !== null) await resolveAccount(context, opened, tenant, fields.account, channel);
  const { identities } = opened.store;
  const before = await identities.get(tenant, channel, key);
  const now = context.clock.now();
  const result = await identities.save({
    tenant,
    channel,
    key,
    ...fields,
    isDefault: given.default ?? before?.isDefault ?? false,
    isContact: given.contact ?? before?.isContact ?? false,
    createdAt: before?.createdAt ?? now,
    updatedAt: now,
  });
  if (result !== 'saved') throw markNeeded(key, channel, result);
  const saved = await identities.get(tenant, channel, key);
  if (saved === undefined) throw removedMeanwhile(key);
  return saved;
}

/** The error for taking away the only holder of a mark. */
export function markNeeded(key: string, channel: string, mark: 'is_default' | 'is_contact'): ConflictError {
  const [what, option] =
    mark === 'is_default'
      ? [`the default sender for ${channel}`, 'default']
      : ['the contact address', 'contact'];
  return new ConflictError('default_required', `${quoted(key)} is ${what}, and somebody has to be.`, {
    path: option,
    advice: `Save another identity with \`${option}: true\` first.`,
  });
}

function checkEmailOnly({ replyTo, contact }: Pick<IdentityInput, 'replyTo' | 'contact'>): void {
  const path = replyTo !== undefined ? 'replyTo' : contact === true ? 'contact' : undefined;
  if (path !== undefined) throw inputErrorOf('identity', [{ path, message: 'is for emails only' }]);
}

async function checkSmsSender(
  context: Pick<Context, 'adapters'>,
  scope: Pick<Scope, 'country'>,
  address: string,
): Promise<string> {
  if (SENDER_ID.test(address) || MESSAGING_SERVICE.test(address)) return address;
  try {
    return (await phonesOf(context, scope)).check(address, 'address');
  } catch (cause) {
    if (!(cause instanceof InputError)) throw cause;
    throw new InputError('invalid_address', `${quoted(address)} cannot be the sender of a text message.`, {
      path: 'address',
      advice:
        'Give a number with its country code, or 1 to 11 letters, digits and spaces with a letter among them.',
      cause,
    });
  }
}

function removedMeanwhile(key: string): ConflictError {
  return new ConflictError('unknown_identity', `Somebody removed the identity ${quoted(key)} meanwhile.`);
}
