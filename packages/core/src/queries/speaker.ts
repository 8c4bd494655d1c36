import type { Words } from './query-texts.ts';

/** In whose words a query is told. */
export interface Speaker {
  /** BCP 47, of a language that is spoken. */
  readonly locale: string;
  /** IANA. */
  readonly timeZone: string;
  /** The text in that language; what is filled in is never read as a text itself. */
  speak(words: Words, values?: Readonly<Record<string, string>>): string;
}

/** Danish and English are spoken; everybody else is told in English. */
export function createSpeaker(locale: string, timeZone: string): Speaker {
  const { language } = new Intl.Locale(locale);
  const isDanish = language === 'da';
  return {
    locale: isDanish || language === 'en' ? locale : 'en',
    timeZone,
    speak: (words, values = {}) =>
      words[isDanish ? 1 : 0].replace(/\{(\w+)\}/g, (_, name: string) => values[name] ?? ''),
  };
}
