import { describe, expect, it } from 'vitest';
import type { FieldType, FieldValue, RecipientSource } from '../ports/index.ts';
import { anyOf, describeQuery, everybody, idsQuery, type RecipientQuery } from './index.ts';
import { ANNA, and, checkSalon, not, or, rule, salonSource, ZONE } from './salon.test-kit.ts';

const source = salonSource([ANNA]);
const tell = (query: RecipientQuery, locale: string) =>
  describeQuery(source, checkSalon(source, query), { locale, timeZone: ZONE });

const city = { field: 'city', operator: 'in', value: ['Aarhus', 'Odense'] };
const date = { field: 'reservation.date', operator: '=', value: '2026-11-27' };
const massage = { field: 'reservation.service', operator: '=', value: 'massage' };

describe('the sentence about a query', () => {
  it('is one that a person would say', () => {
    const query = and(date, city, not(and(massage)));
    expect(tell(query, 'da-DK')).toBe(
      'Kunder, som har reservationer, hvor Reservationsdato er fredag den 27. november 2026, og hvor By er Aarhus eller Odense, og som ikke har reservationer, hvor Behandling er massage',
    );
    expect(tell(query, 'en-GB')).toBe(
      'Kunder who have reservationer where Reservationsdato is Friday, 27 November 2026, and whose By is Aarhus or Odense, and who have no reservationer where Behandling is massage',
    );
  });

  it.each([
    [and(), 'Alle kunder', 'All kunder'],
    [not(and()), 'Ingen kunder', 'No kunder'],
    [rule('city', '=', 'Aarhus'), 'Kunder, hvor By er Aarhus', 'Kunder whose By is Aarhus'],
    [not(rule('city', '=', 'Aarhus')), 'Kunder, hvor By ikke er Aarhus', 'Kunder whose By is not Aarhus'],
    [rule('city', 'null'), 'Kunder, hvor By ikke er udfyldt', 'Kunder whose By has no value'],
    [rule('city', '<', 'M'), 'Kunder, hvor By kommer før M', 'Kunder whose By comes before M'],
    [
      rule('city', 'doesNotContain', 'å, og'),
      'Kunder, hvor By ikke indeholder “å, og”',
      'Kunder whose By does not contain “å, og”',
    ],
    [
      rule('visits', '>=', '1234.5'),
      'Kunder, hvor Besøg er mindst 1.234,5',
      'Kunder whose Besøg is at least 1,234.5',
    ],
    [
      rule('visits', 'between', '9,2'),
      'Kunder, hvor Besøg er mellem 2 og 9',
      'Kunder whose Besøg is between 2 and 9',
    ],
    [
      not(rule('visits', '<', 5)),
      'Kunder undtagen dem, hvor Besøg er under 5',
      'Kunder except those whose Besøg is below 5',
    ],
    [rule('vip', '=', true), 'Kunder, hvor VIP er ja', 'Kunder whose VIP is yes'],
    [
      rule('born', '<', 'today-30'),
      'Kunder, hvor Fødselsdag er før 30 dage før i dag',
      'Kunder whose Fødselsdag is before 30 days ago',
    ],
    [
      rule('born', 'between', 'today,today+7'),
      'Kunder, hvor Fødselsdag er fra i dag til 7 dage efter i dag',
      'Kunder whose Fødselsdag is from today to 7 days from today',
    ],
    [
      not(rule('born', '=', 'yesterday')),
      'Kunder, hvor Fødselsdag ikke er i går',
      'Kunder whose Fødselsdag is not yesterday',
    ],
    [
      and(city, not(rule('visits', '<', 5))),
      'Kunder, hvor By er Aarhus eller Odense, og ikke (hvor Besøg er under 5)',
      'Kunder whose By is Aarhus or Odense, and not (whose Besøg is below 5)',
    ],
    [rule('born', '=', 'today'), 'Kunder, hvor Fødselsdag er i dag', 'Kunder whose Fødselsdag is today'],
    [
      rule('seen', '>', '2026-11-27T10:00'),
      'Kunder, hvor Sidst set er efter fredag den 27. november 2026 kl. 10.00',
      'Kunder whose Sidst set is after Friday, November 27, 2026 at 10:00 AM',
    ],
    [
      rule('born', 'between', '2026-12-01,2026-12-24'),
      'Kunder, hvor Fødselsdag er fra tirsdag den 1. december 2026 til torsdag den 24. december 2026',
      'Kunder whose Fødselsdag is from Tuesday, December 1, 2026 to Thursday, December 24, 2026',
    ],
    [
      rule('email.status', 'in', 'unsubscribed,blocked'),
      'Kunder, hvor E-mailstatus er frameldt eller blokeret',
      'Kunder whose Email status is unsubscribed or blocked',
    ],
    [
      not(rule('phone.status', '=', 'ok')),
      'Kunder, hvor Telefonstatus ikke er OK',
      'Kunder whose Phone status is not OK',
    ],
    [
      or(date, massage),
      'Kunder, som har reservationer, hvor Reservationsdato er fredag den 27. november 2026 eller Behandling er massage',
      'Kunder who have reservationer where Reservationsdato is Friday, November 27, 2026 or Behandling is massage',
    ],
    [
      and(city, or(rule('vip', '=', true), rule('visits', '>', 5))),
      'Kunder, hvor By er Aarhus eller Odense, og (hvor VIP er ja, eller hvor Besøg er over 5)',
      'Kunder whose By is Aarhus or Odense, and (whose VIP is yes, or whose Besøg is above 5)',
    ],
    [
      and(city, not(and(rule('vip', '=', true), rule('visits', '>', 5)))),
      'Kunder, hvor By er Aarhus eller Odense, og ikke (hvor VIP er ja, og hvor Besøg er over 5)',
      'Kunder whose By is Aarhus or Odense, and not (whose VIP is yes, and whose Besøg is above 5)',
    ],
    [
      not(or(city, rule('vip', '=', true))),
      'Kunder undtagen dem, hvor By er Aarhus eller Odense, eller hvor VIP er ja',
      'Kunder except those whose By is Aarhus or Odense, or whose VIP is yes',
    ],
  ])('%j', (query, danish, english) => {
    expect(tell(query as RecipientQuery, 'da')).toBe(danish);
    expect(tell(query as RecipientQuery, 'en')).toBe(english);
  });

  it('calls a value what people choose it by, whatever its type', () => {
    const field = (type: FieldType, label: string, ...values: FieldValue[]) => ({ type, label, values });
    const guests: RecipientSource = {
      ...source,
      fields: {
        tier: field('number', 'Tier', { value: '1', label: 'Gold' }, { value: '2', label: 'Silver' }),
        member: field('boolean', 'Member', { value: 'true', label: 'since this year' }),
      },
    };
    const query = and(
      { field: 'tier', operator: 'in', value: [1, '2', 3] },
      { field: 'member', operator: '=', value: true },
    );
    expect(describeQuery(guests, checkSalon(guests, query), { locale: 'en', timeZone: ZONE })).toBe(
      'Kunder whose Tier is Gold, Silver, or 3, and whose Member is since this year',
    );
  });

  it('is in English for those whose language is not spoken', () => {
    expect(tell(rule('seen', '<=', 'tomorrow'), 'sv-SE')).toBe(
      'Kunder whose Sidst set is no later than tomorrow',
    );
    expect(tell(rule('visits', '=', 1.5), 'de')).toBe('Kunder whose Besøg is 1.5');
  });

  it('counts what would be too long', () => {
    const cities = Array.from({ length: 12 }, (_, index) => `by${index}`);
    expect(tell(rule('city', 'notIn', cities), 'da')).toBe(
      'Kunder, hvor By ikke er by0, by1, by2, by3, by4 eller 7 andre',
    );
    const rules = Array.from({ length: 10_000 }, () => rule('city', '=', 'x'.repeat(10_000)));
    const told = tell(or(...rules), 'da');
    expect(told).toMatch(/, eller 9\.980 flere$/);
    expect(told.length).toBeLessThan(3000);
  });

  it('reads nothing that is filled in as a text of its own', () => {
    expect(tell(rule('city', '=', '{field} {is}'), 'en')).toBe('Kunder whose By is “{field} {is}”');
    expect(tell(rule('city', '=', '$&\n'), 'en')).toBe('Kunder whose By is “$& ”');
  });

  it('is also one about people who were chosen', () => {
    const chosen = anyOf([idsQuery(['1', '2']), checkSalon(source, and(city))]);
    const options = { locale: 'en', timeZone: ZONE };
    expect(describeQuery(source, chosen, options)).toBe(
      'Kunder who are among 2 chosen by hand, or whose By is Aarhus or Odense',
    );
    expect(describeQuery(source, anyOf([]), options)).toBe('No kunder');
    expect(describeQuery(source, everybody, options)).toBe('All kunder');
  });
});
