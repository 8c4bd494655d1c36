import type { Channel, MessageRecord } from '../ports/index.ts';
import { normaliseAddress } from '../recipients/index.ts';

/** In the form in which addresses are compared; null where it is none. */
export function readAddress(channel: Channel, address: string): string | null {
  try {
    return normaliseAddress(channel, address);
  } catch {
    return null;
  }
}

/** Whether an address, as a provider writes it, is that of the message. */
export function sameAddress({ channel, address }: MessageRecord, reported: string | null): boolean {
  if (address === null || reported === null) return false;
  if (address === reported) return true;
  const own = readAddress(channel, address);
  return own !== null && own === readAddress(channel, reported);
}
