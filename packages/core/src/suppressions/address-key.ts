import type { Opened } from '../context.ts';
import type { Channel } from '../ports/index.ts';
import { normaliseAddress } from '../recipients/index.ts';

/**
 * What stands for an address where addresses are compared: an HMAC, so that a mark outlives the erasure of the address,
 * and bound to the tenant, so that two tenants' keys say nothing about each other. Hexadecimal.
 *
 * @throws InputError `invalid_address` where it is none.
 */
export async function addressKeyOf(
  opened: Pick<Opened, 'keyring'>,
  tenant: string,
  channel: Channel,
  address: string,
): Promise<string> {
  const bound = JSON.stringify([tenant, channel, normaliseAddress(channel, address)]);
  return (await opened.keyring.hmac('address', bound)).toString('hex');
}
