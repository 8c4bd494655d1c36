import { z } from 'zod';
import { checkInput, inputErrorOf } from '../check-input.ts';
import type { Context, Opened, Scope } from '../context.ts';
import { newId } from '../ids.ts';
import type { JsonObject } from '../ports/index.ts';
import { checkEmailAddress, normaliseAddress, phonesOf } from '../recipients/index.ts';
import { addressKeyOf } from './address-key.ts';
import { listSuppressions } from './list-suppressions.ts';
import { type Suppressions, suppressionOf } from './suppression.ts';

/** The suppressions of one tenant. */
export function createSuppressions(
  context: Pick<Context, 'adapters' | 'clock' | 'open'>,
  scope: Pick<Scope, 'country' | 'tenant'>,
): Suppressions {
  const { tenant } = scope;
  return {
    async add(input) {
      const { reason, ...given } = checkInput(markSchema, input, 'suppression');
      const address = await readAddress(context, scope, given);
      const opened = await context.open();
      const record = await opened.store.suppressions.add({
        tenant,
        id: newId(context.clock),
        ...address,
        addressKey: await keyOf(opened, tenant, address),
        reason: reason ?? 'blocked',
        evidence: wordOf(given),
        createdAt: context.clock.now(),
        liftedAt: null,
        lifted: null,
      });
      return suppressionOf(record);
    },
    async lift(input) {
      const given = checkInput(markSchema, input, 'suppression');
      const address = await readAddress(context, scope, given);
      const opened = await context.open();
      const ended = await opened.store.suppressions.lift(
        tenant,
        address.channel,
        await keyOf(opened, tenant, address),
        wordOf(given),
        context.clock.now(),
        given.reason,
      );
      return ended.map(suppressionOf);
    },
    async get(input) {
      const address = await readAddress(context, scope, checkInput(addressSchema, input, 'address'));
      const opened = await context.open();
      const key = await keyOf(opened, tenant, address);
      const found = (await opened.store.suppressions.find(tenant, address.channel, [key])).get(key);
      return found === undefined ? null : suppressionOf(found);
    },
    async history(input) {
      const address = await readAddress(context, scope, checkInput(addressSchema, input, 'address'));
      const opened = await context.open();
      const key = await keyOf(opened, tenant, address);
      return (await opened.store.suppressions.history(tenant, address.channel, key)).map(suppressionOf);
    },
    list: (options) => listSuppressions(context, tenant, options),
  };
}

const addressFields = { email: z.unknown().optional(), phone: z.unknown().optional() };
const addressSchema = z.strictObject(addressFields);
const markSchema = z.strictObject({
  ...addressFields,
  reason: z.enum(['invalid', 'complained', 'unsubscribed', 'blocked']).optional(),
  by: z.string().max(200).optional(),
  note: z.string().max(2000).optional(),
});

interface Address {
  readonly channel: 'email' | 'sms';
  readonly address: string;
}

async function readAddress(
  context: Pick<Context, 'adapters'>,
  scope: Pick<Scope, 'country'>,
  { email, phone }: { email?: unknown; phone?: unknown },
): Promise<Address> {
  if ((email === undefined) === (phone === undefined)) {
    throw inputErrorOf('address', [{ path: 'email', message: 'give either `email` or `phone`' }]);
  }
  if (phone !== undefined) {
    return { channel: 'sms', address: (await phonesOf(context, scope)).check(phone, 'phone') };
  }
  return { channel: 'email', address: normaliseAddress('email', checkEmailAddress(email, 'email')) };
}

function keyOf(opened: Opened, tenant: string, { channel, address }: Address): Promise<string> {
  return addressKeyOf(opened, tenant, channel, address);
}

/** What a person said about it. */
function wordOf({ by, note }: { by?: string | undefined; note?: string | undefined }): JsonObject {
  return { ...(by === undefined ? {} : { by }), ...(note === undefined ? {} : { note }) };
}
