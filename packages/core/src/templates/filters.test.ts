import fc from 'fast-check';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { PosthornError } from '../errors.ts';
import { readerFilters } from './filters.ts';
import type { Reader } from './reader.ts';

const anna: Reader = { locale: 'da-DK', timeZone: 'Europe/Copenhagen', now: Date.UTC(2026, 10, 20, 23, 30) };
const bob: Reader = { locale: 'en-GB', timeZone: 'America/New_York', now: anna.now };
const sue: Reader = { locale: 'en-US', timeZone: 'America/New_York', now: anna.now };

function write(filter: string, value: unknown, reader = anna, ...args: unknown[]): string {
  const text = readerFilters[filter]?.(value, args, reader) ?? '';
  // Which kind of space a language puts between number and unit is not what these tests are about.
  return text.replace(/[\u00a0\u202f]/g, ' ');
}

function code(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    if (error instanceof PosthornError) return error.code;
    throw error;
  }
  return 'nothing was refused';
}

describe('a date', () => {
  it.each([
    // Where the country counts its years and months otherwise, the digits and the name are of one calendar.
    ['fa-IR', '27 نوامبر 2026'],
    // Where months are numbers, they are still called months.
    ['ja-JP', '27 11月 2026'],
    ['de-DE', '27 November 2026'],
  ])('with a pattern names the month that its digits mean: %s', (locale, shown) => {
    expect(write('date', '2026-11-27', { ...anna, locale }, '%d %B %Y')).toBe(shown);
  });

  it.each([
    ['date', '2026-11-27', anna, [], '27. nov. 2026'],
    ['date', '2026-11-27', bob, [], '27 Nov 2026'],
    ['date', '2026-11-27', sue, ['short'], '11/27/26'],
    ['date', '2026-11-27', anna, ['short'], '27.11.2026'],
    ['date', '2026-11-27', anna, ['long'], '27. november 2026'],
    ['date', '2026-11-27', anna, ['full'], 'fredag den 27. november 2026'],
    ['time', '2026-11-27T10:00', anna, [], '10.00'],
    ['time', '2026-11-27T10:00', sue, [], '10:00 AM'],
    ['datetime', '2026-11-27T10:00', anna, [], '27. nov. 2026, 10.00'],
    ['datetime', '2026-11-27T10:00', bob, ['long'], '27 November 2026 at 10:00'],
    ['datetime', '2026-11-27T10:00:30', bob, ['short', 'medium'], '27/11/2026, 10:00:30'],
  ])('%s of %s is written as its reader writes it (%#)', (filter, value, reader, args, shown) => {
    expect(write(filter, value, reader, ...args)).toBe(shown);
  });

  it('without an offset is what the clock on the wall shows, wherever it is read', () => {
    for (const reader of [anna, bob, { ...anna, timeZone: 'Asia/Tokyo' }]) {
      expect(write('date', '2026-11-27T23:30', reader, '%F %R')).toBe('2026-11-27 23:30');
      expect(write('date', '2026-11-27', reader, '%F')).toBe('2026-11-27');
      // A wall time that the reader's zone skips (the clocks go forward) is shown all the same.
      expect(write('time', '2026-03-29T02:30', { ...reader, locale: 'da' })).toBe('02.30');
    }
  });

  it.each([
    ['2026-11-27T10:00:00Z', '27.11.2026 11:00', '27.11.2026 05:00'],
    ['2026-11-27 10:00:00.123456+01', '27.11.2026 10:00', '27.11.2026 04:00'],
    ['2026-11-27T10:00:00-0500', '27.11.2026 16:00', '27.11.2026 10:00'],
    [new Date('2026-12-31T23:30:00Z'), '01.01.2027 00:30', '31.12.2026 18:30'],
    // The night the clocks go back in Denmark: the same hour twice.
    ['2026-10-25T00:30:00Z', '25.10.2026 02:30', '24.10.2026 20:30'],
    ['2026-10-25T01:30:00Z', '25.10.2026 02:30', '24.10.2026 21:30'],
    // The night they go forward.
    ['2026-03-29T00:59:59Z', '29.03.2026 01:59', '28.03.2026 20:59'],
    ['2026-03-29T01:00:00Z', '29.03.2026 03:00', '28.03.2026 21:00'],
  ])('%s is a point in time: %s for Anna, %s for Bob', (value, here, there) => {
    expect(write('date', value, anna, '%d.%m.%Y %H:%M')).toBe(here);
    expect(write('date', value, bob, '%d.%m.%Y %H:%M')).toBe(there);
  });

  it('may be now, which is the message’s time', () => {
    expect(write('date', 'now', anna, '%F %R')).toBe('2026-11-21 00:30');
    expect(write('date', 'today', bob, '%F')).toBe('2026-11-20');
  });

  it('is not remembered as it was written by a pattern as long as a page', () => {
    const clock = vi.spyOn(Intl.DateTimeFormat.prototype, 'formatToParts');
    onTestFinished(() => clock.mockRestore());
    const page = `%H ${'x'.repeat(2000)}`;
    for (let time = 0; time < 3; time += 1) write('date', '2026-07-01T10:00Z', anna, page);
    expect(clock).toHaveBeenCalledTimes(3);
  });

  it('may be written by a pattern, with the reader’s own words', () => {
    const at = '2026-01-05T09:07:03.045';
    expect(write('date', at, anna, '%A den %-d. %B kl. %H.%M')).toBe('mandag den 5. januar kl. 09.07');
    expect(write('date', at, bob, '%a %e %b, %l:%M %P (%^a)')).toBe('Mon  5 Jan,  9:07 am (MON)');
    expect(write('date', at, bob, '%j %u %w %V/%G %y %S.%L %D %T 100%%')).toBe(
      '005 1 1 02/2026 26 03.045 01/05/26 09:07:03 100%',
    );
    expect(write('date', '2027-01-03', bob, '%V/%G')).toBe('53/2026');
    expect(write('date', '2026-07-01T10:00Z', anna, '%z')).toBe('+0200');
    expect(write('date', '2026-07-01T10:00Z', bob, '%H%z')).toBe('06-0400');
    expect(write('date', '2026-07-01T10:00', anna, '[%z%Z]')).toBe('[]');
  });

  it('that names no zone shows none', () => {
    expect(write('time', '2026-07-01T10:00', bob, 'full')).toBe('10:00:00');
    expect(write('time', '2026-07-01T10:00Z', bob, 'long')).toContain('06:00:00');
  });

  it.each([
    'tomorrow',
    '2026-02-30',
    '2026-13-01',
    '2026-01-01T24:00',
    '2026-01-01T10:60',
    '27.11.2026',
    '20261127',
    '2026-11-27T10:00+25:00',
    '2026-11-27T',
    'Fri Nov 27 2026',
    1_795_000_000,
    true,
    {},
    [],
    new Date(Number.NaN),
  ])('%s is refused', (value) => {
    for (const filter of ['date', 'datetime', 'time'])
      expect(code(() => write(filter, value))).toBe('invalid_tag_value');
  });

  it('that is secret is not quoted in the error', () => {
    expect(() => write('date', 'hunter2')).toThrow(/^(?!.*hunter2)/);
  });

  it('without a time of day shows none', () => {
    expect(code(() => write('time', '2026-11-27'))).toBe('invalid_tag_value');
    expect(code(() => write('datetime', '2026-11-27'))).toBe('invalid_tag_value');
    expect(code(() => write('date', '2026-11-27', anna, '%H'))).toBe('invalid_tag_value');
  });

  it('in a style that does not exist is refused as a mistake of the template', () => {
    expect(code(() => write('date', '2026-11-27', anna, 'lng'))).toBe('template_syntax');
    expect(code(() => write('date', '2026-11-27', anna, '%Q'))).toBe('template_syntax');
    expect(code(() => write('date', '2026-11-27', anna, 3))).toBe('template_syntax');
  });

  it('is the same day and minute again, whatever the day', () => {
    const day = fc.date({
      min: new Date('0001-01-01T00:00:00Z'),
      max: new Date('9999-12-31T23:59:59Z'),
      noInvalidDate: true,
    });
    fc.assert(
      fc.property(day, (date) => {
        const wall = date.toISOString().slice(0, 23);
        expect(write('date', wall, bob, '%Y-%m-%dT%H:%M:%S.%L')).toBe(wall);
        expect(write('date', date, { ...anna, timeZone: 'UTC' }, '%Y-%m-%dT%H:%M:%S.%L')).toBe(wall);
      }),
    );
  });

  it('in a zone or language that does not exist is an error that says so', () => {
    expect(code(() => write('date', '2026-11-27', { ...anna, locale: 'x' }))).toBe('invalid_input');
    expect(code(() => write('date', new Date(), { ...anna, timeZone: 'Mars/Olympus' }))).toBe(
      'invalid_input',
    );
  });
});

describe('a number', () => {
  it.each([
    ['number', 1234.5, anna, [], '1.234,5'],
    ['number', '1234.50', bob, [2], '1,234.50'],
    ['number', 2n ** 64n, anna, [], '18.446.744.073.709.551.616'],
    ['number', '0.000000000000000001', anna, [18], '0,000000000000000001'],
    ['percent', 0.25, anna, [], '25 %'],
    ['percent', '0.255', bob, [1], '25.5%'],
    ['money', { amount: '212.80', currency: 'DKK' }, anna, [], '212,80 kr.'],
    ['money', { amount: '12345678901234567.89', currency: 'EUR' }, bob, [], '€12,345,678,901,234,567.89'],
    ['money', { amount: -5, currency: 'JPY' }, bob, [], '-JP¥5'],
    ['money', 99, anna, ['DKK'], '99,00 kr.'],
    ['money', { amount: 1, currency: 'EUR' }, anna, ['DKK'], '1,00 €'],
  ])('%s of %s is written as its reader writes it (%#)', (filter, value, reader, args, shown) => {
    expect(write(filter, value, reader, ...args)).toBe(shown);
  });

  it('never loses a digit', () => {
    fc.assert(
      fc.property(
        fc.bigInt({ min: -(10n ** 30n), max: 10n ** 30n }),
        fc.integer({ min: 0, max: 99 }),
        (whole, cents) => {
          const amount = `${whole}.${String(cents).padStart(2, '0')}`;
          expect(write('number', amount, sue, 2).replaceAll(',', '')).toBe(
            amount.replace(/^-0\.00$/, '-0.00'),
          );
        },
      ),
    );
  });

  it.each(['', null, undefined])('that is empty (%s) stays empty', (value) => {
    for (const filter of Object.keys(readerFilters)) expect(write(filter, value)).toBe('');
  });

  it.each([
    '12,50',
    '1e5',
    '0x10',
    ' 1',
    'Infinity',
    Number.NaN,
    true,
    {},
    [],
    { amount: '1', currency: 'kr' },
  ])('%s is refused', (value) => {
    for (const filter of ['number', 'percent', 'money']) {
      expect(code(() => write(filter, value))).toBe('invalid_tag_value');
    }
  });

  it('is no amount without its currency', () => {
    expect(code(() => write('money', 5))).toBe('invalid_tag_value');
    expect(code(() => write('money', Object.create({ amount: 5, currency: 'DKK' })))).toBe(
      'invalid_tag_value',
    );
    expect(code(() => write('money', 5, anna, 'kroner'))).toBe('template_syntax');
    expect(code(() => write('number', 5, anna, 200))).toBe('template_syntax');
  });
});
