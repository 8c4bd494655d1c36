import type { FailureCategory } from '@posthorn/core';
import { replaceTypography } from './smart-replacement.ts';

/** Twilio's limit: https://www.twilio.com/docs/messaging/api/message-resource */
const MAX_CHARACTERS = 1600;

/** The text as it is counted and sent. Half of a character can't be written, so it is replaced by the sign for that. */
export function textToSend(
  text: string,
  { smartReplacement }: { readonly smartReplacement: boolean },
): string {
  const whole = text.toWellFormed();
  return smartReplacement ? replaceTypography(whole) : whole;
}

/** As people count, not in halves. */
export function isTooLong(text: string): boolean {
  return text.length > MAX_CHARACTERS && [...text].length > MAX_CHARACTERS;
}

/** Why Twilio would not take it, or null. */
export function problemOf(text: string): { category: FailureCategory; text: string } | null {
  if (text === '') return { category: 'bad_request', text: 'The message has no text.' };
  if (!isTooLong(text)) return null;
  return {
    category: 'message_too_large',
    text: `The message is longer than ${MAX_CHARACTERS.toLocaleString('en')} characters.`,
  };
}
