import { pageResponse } from './page.ts';
import { pageLanguageOf } from './page-language.ts';

/** What is wrong, in Danish and English. The same whoever asks, so that nobody learns anything from it. */
const TEXTS = {
  400: {
    da: ['Det gik ikke', 'Vi forstod ikke, hvad der blev sendt. Gå tilbage, og prøv igen.'],
    en: ['That did not work', 'What was sent could not be understood. Go back and try again.'],
  },
  404: {
    da: ['Siden findes ikke', 'Måske mangler der noget af linket. Åbn det igen fra e-mailen.'],
    en: ['There is no such page', 'The link may not be whole. Open it from the email again.'],
  },
  405: {
    da: ['Det kan siden ikke', 'Åbn linket i en browser.'],
    en: ['The page cannot do that', 'Open the link in a browser.'],
  },
  413: {
    da: ['Det var for meget', 'Der blev sendt mere, end siden tager imod.'],
    en: ['That was too much', 'More was sent than the page takes.'],
  },
  500: {
    da: ['Det gik ikke', 'Noget er gået galt hos os. Prøv igen lidt senere.'],
    en: ['That did not work', 'Something went wrong on our side. Try again a little later.'],
  },
  503: {
    da: ['Det går ikke lige nu', 'Prøv igen lidt senere.'],
    en: ['That does not work just now', 'Try again a little later.'],
  },
} as const satisfies Readonly<Record<number, Readonly<Record<'da' | 'en', readonly [string, string]>>>>;

/** The page for a status that is not what the reader hoped for. */
export function plainPage(
  request: Request,
  status: keyof typeof TEXTS,
  headers?: Readonly<Record<string, string>>,
): Response {
  const language = pageLanguageOf(request);
  const [heading, sentence] = TEXTS[status][language];
  return pageResponse({ heading, sentences: [sentence] }, language, status, headers);
}
