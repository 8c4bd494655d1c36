import type { MessageRecord } from '../ports/index.ts';
import type { Keyring } from '../secrets/index.ts';

/** How the values of a message's slots are stored. */
type StoredSlots = Pick<MessageRecord, 'slots' | 'sealedSlots'>;

/**
 * Takes the sensitive values out of the slots and seals them for this message. One that will not be sent keeps none.
 */
export function sealSlots(
  keyring: Pick<Keyring, 'seal'>,
  messageId: string,
  slots: readonly string[],
  sensitive: readonly number[],
  willBeSent: boolean,
): StoredSlots {
  if (sensitive.length === 0) return { slots, sealedSlots: null };
  const hidden = new Set(sensitive);
  const secrets = Object.fromEntries(
    slots.flatMap((value, slot) => (hidden.has(slot) ? [[slot, value]] : [])),
  );
  return {
    slots: slots.map((value, slot) => (hidden.has(slot) ? null : value)),
    sealedSlots: willBeSent ? keyring.seal(JSON.stringify(secrets), bindingOf(messageId)) : null,
  };
}

/** The values of all slots, the sealed ones opened; null where they have been wiped. */
export function openSlots(
  keyring: Pick<Keyring, 'open'>,
  message: Pick<MessageRecord, 'id' | 'slots' | 'sealedSlots'>,
): readonly string[] | null {
  if (message.sealedSlots === null) return message.slots.includes(null) ? null : withoutNulls(message.slots);
  const secrets: Readonly<Record<number, string>> = JSON.parse(
    keyring.open(message.sealedSlots, bindingOf(message.id)),
  );
  return message.slots.map((value, slot) => value ?? secrets[slot] ?? '');
}

function withoutNulls(slots: readonly (string | null)[]): readonly string[] {
  return slots.map((slot) => slot ?? '');
}

function bindingOf(messageId: string): string {
  return `slots:${messageId}`;
}
