import { MASK } from '../templates/index.ts';

/** The slots of a message as they may be shown: sealed (or wiped) ones are null, and masked. */
export function maskSlots(slots: readonly (string | null)[], mask = MASK): string[] {
  return slots.map((slot) => slot ?? mask);
}
