import type { Context, Scope } from '../context.ts';
import { quoted } from '../did-you-mean.ts';
import { InputError } from '../errors.ts';
import type { PhoneReader } from '../ports/index.ts';
import { type ParsedAddress, type RefusedAddress, refuseAddress } from './parsed-address.ts';
import { digitsOf, isE164, NO_COUNTRY, NOWHERE, parsePhone } from './phone-number.ts';
import type { ResolvedRecipient } from './recipient.ts';

/** Reads phone numbers as the people of one tenant write them. */
export interface Phones {
  /** A number that a text message is to go to, as E.164; or why none can. */
  read(given: unknown): ParsedAddress;
  /**
   * A number that a call names for another reason than to write to it, as E.164: to mark it, to look it up, to send from
   * it. A landline is one, too, if it is given with its country code.
   *
   * @throws InputError `invalid_address` with the path.
   */
  check(given: unknown, path: string): string;
}

/**
 * How phone numbers are read: by what an SMS adapter knows of them, a number without a country code as one of the
 * tenant's country; without such an adapter only with their country code. What the adapter knows is loaded with the first
 * call, so ask when there is a number to be read.
 */
export async function phonesOf(
  { adapters }: Pick<Context, 'adapters'>,
  { country }: Pick<Scope, 'country'>,
): Promise<Phones> {
  const adapter = [...adapters.values()].find(({ phones }) => phones !== undefined);
  const reader = await adapter?.phones?.();
  const read = reader === undefined ? parsePhone : (given: unknown) => readBy(reader, country, given);
  return {
    read,
    check(given, path) {
      const parsed = read(given);
      if (parsed.ok) return parsed.address;
      const asDialled = parsePhone(given);
      if (asDialled.ok) return asDialled.address;
      throw noPhone(parsed, path);
    },
  };
}

/** The phone numbers of these recipients, in their order; null for those who have none. */
export async function readPhones(
  context: Pick<Context, 'adapters'>,
  scope: Pick<Scope, 'country'>,
  recipients: readonly Pick<ResolvedRecipient, 'phone'>[],
): Promise<readonly (ParsedAddress | null)[]> {
  if (recipients.every(({ phone }) => phone === null)) return recipients.map(() => null);
  const { read } = await phonesOf(context, scope);
  return recipients.map(({ phone }) => (phone === null ? null : read(phone)));
}

/** The error for a number of a call that is none. */
export function noPhone({ given, reason }: RefusedAddress, path: string): InputError {
  return new InputError('invalid_address', `${quoted(given)} is not a phone number: ${reason}.`, {
    path,
    advice:
      'Give it with its country code (`+4512345678`), or tell `createPosthorn` the `country` of numbers without one.',
  });
}

function readBy(reader: PhoneReader, country: string | null, given: unknown): ParsedAddress {
  const dialled = digitsOf(given);
  if (!dialled.ok) return dialled;
  const reading = reader.read(dialled.digits, country);
  if (reading.ok) {
    // Addresses are compared by this form, so nothing else may become one.
    return isE164(reading.number) ? { ok: true, address: reading.number } : refuseAddress(given, NOWHERE);
  }
  switch (reading.problem) {
    case 'no_country':
      return refuseAddress(given, NO_COUNTRY);
    case 'impossible':
      return refuseAddress(given, NOWHERE);
    case 'landline':
      return { ...refuseAddress(given, 'it takes no text messages'), isLandline: true };
  }
}
