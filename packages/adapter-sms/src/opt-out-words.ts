/** What recipients answer to hear no more, and to hear again. A message that says more than one of these is for people. */
const WORDS: Readonly<Record<string, 'unsubscribed' | 'resubscribed'>> = {
  // Twilio's: https://www.twilio.com/docs/messaging/tutorials/advanced-opt-out
  STOP: 'unsubscribed',
  STOPALL: 'unsubscribed',
  UNSUBSCRIBE: 'unsubscribed',
  CANCEL: 'unsubscribed',
  END: 'unsubscribed',
  QUIT: 'unsubscribed',
  REVOKE: 'unsubscribed',
  OPTOUT: 'unsubscribed',
  START: 'resubscribed',
  YES: 'resubscribed',
  UNSTOP: 'resubscribed',
  // Danish, Swedish, Norwegian, German, French and Spanish for STOP, as operators there write it in their advice.
  AFMELD: 'unsubscribed',
  FRAMELD: 'unsubscribed',
  AVSLUTA: 'unsubscribed',
  AVMELD: 'unsubscribed',
  STOPP: 'unsubscribed',
  STOPPA: 'unsubscribed',
  ABMELDEN: 'unsubscribed',
  ARRET: 'unsubscribed',
  BAJA: 'unsubscribed',
  TILMELD: 'resubscribed',
};

/** What Twilio itself made of the message, where its Advanced Opt-Out is on. */
const TYPES: Readonly<Record<string, 'unsubscribed' | 'resubscribed' | null>> = {
  STOP: 'unsubscribed',
  START: 'resubscribed',
  HELP: null,
};

/** Whether a text from a recipient ends or begins their consent; null where it is about something else. */
export function readOptOut(
  text: string,
  optOutType: string | undefined,
): 'unsubscribed' | 'resubscribed' | null {
  const type = optOutType?.toUpperCase() ?? '';
  if (Object.hasOwn(TYPES, type)) return TYPES[type] ?? null;
  // "Arrêt!", "opt-out" and "Stop all" are the words as well.
  const word = text
    .normalize('NFD')
    .replace(/[\p{M}\s.!"'«»“”„-]/gu, '')
    .toUpperCase();
  return Object.hasOwn(WORDS, word) ? (WORDS[word] ?? null) : null;
}
