/** Stands wherever the value of a sensitive tag would. */
export const MASK = '••••••';

/** The slots of a message as they may be shown: sealed (or wiped) ones are null, and masked. */
export function maskSlots(slots: readonly (string | null)[]): string[] {
  return slots.map((slot) => slot ?? MASK);
}
