/** Reads phone numbers as people write them, with what is known of every country's numbers. */
export interface PhoneReader {
  /** `country` (ISO 3166-1: `DK`) is that of numbers without a country code; null where none may be guessed. */
  read(text: string, country: string | null): PhoneReading;
}

/** A number that can have text messages, or why it can't. */
export type PhoneReading =
  | {
      readonly ok: true;
      /** E.164. */
      readonly number: string;
      readonly country: string | null;
    }
  /** `landline` and the like take no text messages; `impossible` numbers exist nowhere; others have no country. */
  | { readonly ok: false; readonly problem: 'impossible' | 'landline' | 'no_country' };
