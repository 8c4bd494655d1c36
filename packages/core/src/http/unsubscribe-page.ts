import type { Channel } from '../ports/index.ts';
import type { Page } from './page.ts';
import type { PageLanguage } from './page-language.ts';

/** What the page can say about its link; null where the message is not there any more. */
export interface LinkWords {
  readonly channel: Channel;
  /** Who writes: a name, or an address. */
  readonly sender: string | null;
  /** Whose messages end, as far as a stranger may know. */
  readonly address: string | null;
}

/** What ends. */
const MESSAGES = {
  email: { en: 'emails', da: 'e-mails', enBy: 'by email', daBy: 'som e-mail' },
  sms: { en: 'text messages', da: 'sms’er', enBy: 'by text message', daBy: 'som sms' },
  internal: { en: 'messages', da: 'beskeder', enBy: 'here', daBy: 'her' },
} as const satisfies Readonly<Record<Channel, object>>;

/** The question; nothing has happened yet. */
export function questionPage({ channel, sender, address }: LinkWords, language: PageLanguage): Page {
  const isDanish = language === 'da';
  const words = MESSAGES[channel];
  const everything = isDanish
    ? `Når du har afmeldt dig, får du heller ikke bekræftelser og påmindelser ${words.daBy}.`
    : `Once you have unsubscribed, confirmations and reminders do not come ${words.enBy} either.`;
  const about = isDanish ? `Det gælder ${address}.` : `This is about ${address}.`;
  return {
    heading: isDanish
      ? `Vil du ikke have flere ${words.da}${sender === null ? '' : ` fra ${sender}`}?`
      : `No more ${words.en}${sender === null ? '' : ` from ${sender}`}?`,
    sentences: address === null ? [everything] : [about, everything],
    button: unsubscribeButton(language),
  };
}

/** It is done; what this link did, it can undo. */
export function unsubscribedPage(words: LinkWords, undoable: boolean, language: PageLanguage): Page {
  const isDanish = language === 'da';
  const sender = words.sender ?? (isDanish ? 'Afsenderen' : 'The sender');
  const address = words.address ?? (isDanish ? 'dig' : 'you');
  const page = {
    heading: isDanish ? 'Du er afmeldt' : 'You are unsubscribed',
    sentences: [
      isDanish
        ? `${sender} sender ikke flere ${MESSAGES[words.channel].da} til ${address}.`
        : `${sender} sends no more ${MESSAGES[words.channel].en} to ${address}.`,
    ],
  };
  return undoable
    ? { ...page, button: { label: isDanish ? 'Fortryd' : 'Undo', action: 'resubscribe' } }
    : page;
}

/** It is undone. */
export function resubscribedPage({ channel, sender }: LinkWords, language: PageLanguage): Page {
  const words = MESSAGES[channel];
  const isDanish = language === 'da';
  const from = isDanish ? ` fra ${sender}` : ` from ${sender}`;
  const whose = sender === null ? '' : from;
  return {
    heading: isDanish ? 'Du er ikke længere afmeldt' : 'You are no longer unsubscribed',
    sentences: [
      isDanish
        ? `Din afmelding af ${words.da}${whose} er annulleret.`
        : `Unsubscribing from ${words.en}${whose} is undone.`,
    ],
    button: unsubscribeButton(language),
  };
}

function unsubscribeButton(language: PageLanguage): NonNullable<Page['button']> {
  return { label: language === 'da' ? 'Afmeld mig' : 'Unsubscribe', action: 'unsubscribe' };
}
