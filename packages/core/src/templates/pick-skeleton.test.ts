import { describe, expect, it } from 'vitest';
import { pickLocale } from './pick-skeleton.ts';

describe('the language of a message', () => {
  it.each([
    ['the recipient’s own', ['da', 'da-DK', 'en'], 'da-DK', 'da-DK'],
    ['its language without the country', ['en', 'da'], 'da-DK', 'da'],
    ['the same language of another country', ['en', 'da-DK'], 'da', 'da-DK'],
    ['the tenant’s, where there is no other', ['en', 'de'], 'fr', 'de'],
    ['whatever there is, in the end', ['sv'], 'fr', 'sv'],
  ])('is %s', (_, available, wanted, picked) => {
    expect(pickLocale(available, [wanted, 'de'])).toBe(picked);
  });

  it('is none where there is no content', () => {
    expect(pickLocale([], ['da'])).toBeUndefined();
  });
});
