/** An address that can be written to, or why it can't. `reason` ends a sentence: "it is empty". */
export type ParsedAddress =
  | { readonly ok: true; readonly address: string }
  | {
      readonly ok: false;
      /** What was given, fit to be shown: short, without control characters. */
      readonly given: string;
      readonly reason: string;
    };

/** The refusal of what was given. */
export function refuseAddress(given: unknown, reason: string): ParsedAddress {
  const text = typeof given === 'string' ? given.slice(0, 320) : '';
  return { ok: false, given: text.replace(/[\p{Cc}\p{Cs}\p{Zl}\p{Zp}]/gu, '\u{fffd}'), reason };
}
