import type { MessageCost, MessageRefusal, MessageToEstimate } from '@posthorn/core';
import { countSegments } from './count-segments.ts';
import { countryOfNumber } from './country-of-number.ts';
import { costlyCharacters } from './gsm-alphabet.ts';
import { priceOf } from './price.ts';
import { senderKind, takesNames } from './sender.ts';
import type { TwilioSettings } from './settings.ts';
import { isTooLong, textToSend } from './sms-text.ts';

/** What a message costs, and whether it would be sent at all. */
export function estimateMessage(settings: TwilioSettings, message: MessageToEstimate): MessageCost {
  const { from, to } = message;
  const text = textToSend(message.text, settings);
  const { segments, encoding } = countSegments(text);
  const refusal = refusalOf(settings, { from, to });
  return {
    segments,
    encoding,
    price: settings.price === undefined ? null : priceOf(settings.price, to, segments),
    costly: encoding === 'ucs-2' ? costlyCharacters(text) : [],
    ...(isTooLong(text) ? { isTooLong: true } : {}),
    canReply: senderKind(from) !== 'name',
    ...(refusal === null ? {} : { refusal }),
  };
}

/** Why nothing is sent from this sender to that number, or null. */
export function refusalOf(
  { countries }: Pick<TwilioSettings, 'countries'>,
  { from, to }: Pick<MessageToEstimate, 'from' | 'to'>,
): MessageRefusal | null {
  const isName = senderKind(from) === 'name';
  if (countries === undefined && !isName) return null;
  const country = countryOfNumber(to);
  // What belongs to no country, satellites for one, is in no list of countries either.
  if (countries !== undefined && (country === null || !countries.includes(country)))
    return 'country_not_allowed';
  return isName && country !== null && !takesNames(country) ? 'sender_not_allowed' : null;
}
