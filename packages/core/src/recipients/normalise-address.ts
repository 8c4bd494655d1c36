import type { Channel } from '../ports/index.ts';
import { normaliseEmail } from './email-address.ts';
import { parsePhone } from './phone-number.ts';
import { noPhone } from './phones.ts';

/**
 * The form in which two addresses of a channel are compared; a number has to come with its country code.
 *
 * @throws InputError `invalid_address` where it is none.
 */
export function normaliseAddress(channel: Channel, address: string): string {
  if (channel === 'email') return normaliseEmail(address);
  if (channel !== 'sms') return address;
  const parsed = parsePhone(address);
  if (parsed.ok) return parsed.address;
  throw noPhone(parsed, 'address');
}
