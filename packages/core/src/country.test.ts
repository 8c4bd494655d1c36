import { expect, it } from 'vitest';
import { countryOf, parseCountry } from './country.ts';

it.each([
  ['da-DK', 'DK'],
  ['en-GB', 'GB'],
  ['de-AT', 'AT'],
  ['da', 'DK'],
  ['nb', 'NO'],
  ['sv', 'SE'],
  ['sv-FI', 'FI'],
  ['pl', 'PL'],
])('who reads %s writes numbers as in %s', (locale, country) => {
  expect(countryOf(locale)).toBe(country);
});

it.each(['en', 'de', 'fr', 'es', 'pt', 'ar', 'zh', 'zh-Hant', 'nl', 'it', 'es-419', 'en-001', 'eo'])(
  'who reads %s may be anywhere',
  (locale) => {
    expect(countryOf(locale)).toBeNull();
  },
);

it.each([
  ['DK', 'DK'],
  ['dk', 'DK'],
  ['UK', 'GB'],
])('%s is the country %s', (text, country) => {
  expect(parseCountry(text)).toBe(country);
});

it.each(['', 'D', 'DNK', 'ZZ', 'QX', '45', 'D\u00d8', 'DK '])('%j is no country', (text) => {
  expect(parseCountry(text)).toBeUndefined();
});
