/** What a text message comes from: a number, a short code, a messaging service of Twilio's that picks one, or a name. */
export type SenderKind = 'number' | 'short_code' | 'service' | 'name';

const NUMBER = /^\+[1-9]\d{6,14}$/;
const SHORT_CODE = /^\d{3,8}$/;
const SERVICE = /^MG[0-9a-fA-F]{32}$/;
/** Letters, digits and spaces: https://www.twilio.com/docs/glossary/what-alphanumeric-sender-id */
const NAME = /^(?=.*[A-Za-z])[A-Za-z0-9](?:[A-Za-z0-9 ]{0,9}[A-Za-z0-9])?$/;

/**
 * Whether this can stand as an alphanumeric sender: 1 to 11 letters, digits and spaces with a letter among them.
 *
 * @example
 * ```ts
 * import { isSenderName } from '@posthorn/adapter-sms';
 *
 * isSenderName('SALON SOL'); // true
 * isSenderName('12345'); // false: that is a number
 * ```
 */
export function isSenderName(text: string): boolean {
  return NAME.test(text);
}

/** Null where nothing can be sent from it. */
export function senderKind(sender: string): SenderKind | null {
  if (NUMBER.test(sender)) return 'number';
  if (SHORT_CODE.test(sender)) return 'short_code';
  if (SERVICE.test(sender)) return 'service';
  return isSenderName(sender) ? 'name' : null;
}

/**
 * Countries that take no names as senders. Only those that lists of several providers agree about are here
 * (https://help.twilio.com/articles/223133767,
 * https://docs.aws.amazon.com/sms-voice/latest/userguide/phone-numbers-sms-by-country.html): others Twilio refuses by itself,
 * before anything is paid for (error 21612).
 */
const WITHOUT_NAMES: ReadonlySet<string> = new Set([
  'AR',
  'BR',
  'CA',
  'CL',
  'CN',
  'CR',
  'EC',
  'PR',
  'US',
  'UY',
  'VE',
]);

/** `country` is ISO 3166-1. */
export function takesNames(country: string): boolean {
  return !WITHOUT_NAMES.has(country);
}
