import { randomBytes } from 'node:crypto';
import type { EmailEnvelope, EmailSkeleton, SkeletonPiece } from '@posthorn/core';

/** For one recipient, keys and values together. SendGrid's pages say 10,000 and 50,000. */
const MAX_BYTES = 10_000;
/** For one recipient; older pages of SendGrid's name it. */
const MAX_KEYS = 100;
const PREFIX_LENGTH = 12;
/** Prefix, number of the slot, and a hyphen at either end. */
const MAX_KEY_LENGTH = PREFIX_LENGTH + 6;

const usedSlots = new WeakMap<EmailSkeleton, readonly number[]>();

/** The slots that stand somewhere in a content, each once. */
export function slotsOf(skeleton: EmailSkeleton): readonly number[] {
  let slots = usedSlots.get(skeleton);
  if (slots === undefined) {
    const pieces = [...skeleton.subject, ...skeleton.text, ...(skeleton.html ?? [])];
    slots = [...new Set(pieces.filter((piece) => typeof piece === 'number'))];
    usedSlots.set(skeleton, slots);
  }
  return slots;
}

/** Whether SendGrid would substitute all of a message's slots. */
export function fitsSubstitutions({ skeleton, slots }: EmailEnvelope): boolean {
  const used = slotsOf(skeleton);
  if (used.length > MAX_KEYS) return false;
  const keys = used.length * MAX_KEY_LENGTH;
  let characters = 0;
  for (const slot of used) characters += slots[slot]?.length ?? 0;
  if (keys + 3 * characters <= MAX_BYTES) return true;
  return keys + used.reduce((sum, slot) => sum + Buffer.byteLength(slots[slot] ?? ''), 0) <= MAX_BYTES;
}

/**
 * What the keys of one request begin with. SendGrid goes on substituting within values, so nothing in the messages may hold
 * a key: nobody can know this one, and a request in which it stands by chance is made again with another.
 */
export function drawPrefix(): string {
  const letters = 'abcdefghijklmnopqrstuvwxyz012345';
  return Array.from(randomBytes(PREFIX_LENGTH), (byte) => letters[byte & 31]).join('');
}

/** No key is a part of another. Hyphens, letters and digits mean nothing in HTML, addresses and JSON. */
export function keyOf(prefix: string, slot: number): string {
  return `-${prefix}${slot}-`;
}

/** A part of the content as all recipients share it: keys where the slots stand. */
export function withKeys(pieces: readonly SkeletonPiece[], prefix: string): string {
  return pieces.map((piece) => (typeof piece === 'string' ? piece : keyOf(prefix, piece))).join('');
}
