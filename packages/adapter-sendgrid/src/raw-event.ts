import { cleanReply } from '@posthorn/core';

/** One event, as it came. Names of custom arguments stand among SendGrid's own, so nothing in it is to be believed a type. */
export type RawEvent = Readonly<Record<string, unknown>>;

/** Text of the other side, fit to be kept; null where there is none. */
export function textOf(value: unknown, longest: number): string | null {
  if (typeof value !== 'string') return null;
  return cleanReply(value.slice(0, longest)) || null;
}
