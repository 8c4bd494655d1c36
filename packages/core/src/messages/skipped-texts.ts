import type { EntryText, Words } from './entry-text.ts';

const SKIPPED: Words = ['Skipped', 'Sprunget over'];

/** Why nobody was written to; what follows the dot is the `SkipReason`. */
export const SKIPPED_TEXTS: Readonly<Record<string, EntryText>> = {
  skipped: { title: SKIPPED, sentence: ['Skipped: {reason}.', 'Sprunget over: {reason}.'] },
  'skipped.no_content': {
    title: SKIPPED,
    sentence: [
      'Skipped because the template has no part for {channel}.',
      'Sprunget over, fordi skabelonen ikke har nogen del til {channel}.',
    ],
  },
  'skipped.no_address': {
    title: SKIPPED,
    sentence: [
      'Skipped because the recipient has no {kind}.',
      'Sprunget over, fordi modtageren ikke har {kind}.',
    ],
  },
  'skipped.invalid_address': {
    title: SKIPPED,
    sentence: [
      'Skipped because “{address}” is not a valid {kind}.',
      'Sprunget over, fordi “{address}” ikke er {kind}, der kan skrives til.',
    ],
  },
  'skipped.landline': {
    title: SKIPPED,
    sentence: [
      'Skipped because “{address}” is a number that takes no text messages.',
      'Sprunget over, fordi “{address}” er et nummer, der ikke kan modtage sms.',
    ],
  },
  'skipped.country_not_allowed': {
    title: SKIPPED,
    sentence: [
      'Skipped because the account does not send to the country of {address}.',
      'Sprunget over, fordi kontoen ikke sender til det land, {address} hører til.',
    ],
  },
  'skipped.sender_not_allowed': {
    title: SKIPPED,
    sentence: [
      'Skipped because the country of {address} takes no text messages from such a sender.',
      'Sprunget over, fordi det land, {address} hører til, ikke tager imod sms fra sådan en afsender.',
    ],
  },
  'skipped.recipient_limit': {
    title: SKIPPED,
    sentence: [
      'Skipped because {address} had as many messages within 24 hours as the account allows.',
      'Sprunget over, fordi {address} har fået så mange beskeder inden for et døgn, som kontoen tillader.',
    ],
  },
  'skipped.invalid_data': {
    title: SKIPPED,
    sentence: [
      'Skipped because what is known of the recipient does not fit the template.',
      'Sprunget over, fordi modtagerens oplysninger ikke passer til skabelonen.',
    ],
  },
  'skipped.suppressed:invalid': {
    title: SKIPPED,
    sentence: [
      'Skipped because the address was marked as not working.',
      'Sprunget over, fordi adressen er markeret som ugyldig.',
    ],
  },
  'skipped.suppressed:complained': {
    title: SKIPPED,
    sentence: [
      'Skipped because the address was marked: its owner reported an earlier message as spam.',
      'Sprunget over, fordi adressen er markeret: Modtageren har meldt en tidligere besked som spam.',
    ],
  },
  'skipped.suppressed:unsubscribed': {
    title: SKIPPED,
    sentence: [
      'Skipped because the address was marked: its owner has unsubscribed.',
      'Sprunget over, fordi adressen er markeret: Modtageren har meldt sig fra.',
    ],
  },
  'skipped.suppressed:blocked': {
    title: SKIPPED,
    sentence: [
      'Skipped because the address was marked by hand as not to be written to.',
      'Sprunget over, fordi adressen er markeret i hånden: Der må ikke skrives til den.',
    ],
  },
};
