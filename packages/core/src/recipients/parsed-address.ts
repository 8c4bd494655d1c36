/** An address that can be written to, or why it can't. `reason` ends a sentence: "it is empty". */
export type ParsedAddress = { readonly ok: true; readonly address: string } | RefusedAddress;

export interface RefusedAddress {
  readonly ok: false;
  /** What was given, fit to be shown: short, without control characters. */
  readonly given: string;
  readonly reason: string;
  /** It is a number that exists, and takes no text messages. */
  readonly isLandline: boolean;
}

/** The refusal of what was given. */
export function refuseAddress(given: unknown, reason: string): RefusedAddress {
  const text = typeof given === 'string' ? given.slice(0, 320) : '';
  const shown = text.replace(/[\p{Cc}\p{Cs}\p{Zl}\p{Zp}]/gu, '\u{fffd}');
  return { ok: false, given: shown, reason, isLandline: false };
}
