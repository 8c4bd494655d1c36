import fc from 'fast-check';
import { expect, it } from 'vitest';
import { pageLanguageOf } from './page-language.ts';

const languageFor = (accepted?: string) =>
  pageLanguageOf({
    headers: new Headers(accepted === undefined ? {} : { 'accept-language': accepted }),
  } as Request);

it.each([
  ['da', 'da'],
  ['da-DK,da;q=0.9,en;q=0.8', 'da'],
  ['DA', 'da'],
  ['en-GB', 'en'],
  ['en;q=0.5, da;q=0.7', 'da'],
  ['en,da', 'en'],
  ['sv, da;q=0.3', 'da'],
  ['da;q=0', 'en'],
  ['da;q=0, en;q=0', 'en'],
  ['da;q=nonsense', 'da'],
  ['dansk', 'en'],
  ['sv-SE', 'en'],
  ['*', 'en'],
  ['', 'en'],
  [undefined, 'en'],
])('a reader who asks for %j reads %s', (accepted, language) => {
  expect(languageFor(accepted)).toBe(language);
});

it('whatever is asked for, there is a page', () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom(...'daen,;=q.01- *') }), (text) => {
      expect(['da', 'en']).toContain(languageFor(text.trim()));
    }),
  );
});
