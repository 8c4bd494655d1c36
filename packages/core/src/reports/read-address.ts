import type { Channel } from '../ports/index.ts';
import { normaliseAddress } from '../recipients/index.ts';

/** In the form in which addresses are compared; null where it is none. */
export function readAddress(channel: Channel, address: string): string | null {
  try {
    return normaliseAddress(channel, address);
  } catch {
    return null;
  }
}
