import type { Channel } from '../ports/index.ts';
import { normaliseEmail } from './email-address.ts';
import { checkPhoneNumber } from './phone-number.ts';

/**
 * The form in which two addresses of a channel are compared.
 *
 * @throws InputError `invalid_address` where it is none.
 */
export function normaliseAddress(channel: Channel, address: string): string {
  if (channel === 'email') return normaliseEmail(address);
  if (channel === 'sms') return checkPhoneNumber(address, 'address');
  return address;
}
