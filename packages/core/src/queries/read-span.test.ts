import { describe, expect, it } from 'vitest';
import { readDay, readMoment } from './read-span.ts';

const HOUR = 3_600_000;
const at = (now: string, timeZone = 'Europe/Copenhagen') => ({ now: Date.parse(now), timeZone });
const hours = (value: string, timeZone: string) => {
  const { from, to } = readMoment(value, at('2026-11-27T10:00Z', timeZone), 'value');
  return [new Date(from).toISOString(), (Number(to) - Number(from)) / HOUR];
};

describe('a day of a field that holds moments', () => {
  it.each([
    ['Europe/Copenhagen', '2026-11-27', '2026-11-26T23:00:00.000Z', 24],
    ['Europe/Copenhagen', '2026-03-29', '2026-03-28T23:00:00.000Z', 23],
    ['Europe/Copenhagen', '2026-10-25', '2026-10-24T22:00:00.000Z', 25],
    ['UTC', '2026-10-25', '2026-10-25T00:00:00.000Z', 24],
    ['Pacific/Kiritimati', '2026-01-01', '2025-12-31T10:00:00.000Z', 24],
    ['Pacific/Pago_Pago', '2026-01-01', '2026-01-01T11:00:00.000Z', 24],
    ['Australia/Lord_Howe', '2026-10-04', '2026-10-03T13:30:00.000Z', 23.5],
    // Clocks go from 24:00 to 1:00, and from 24:00 back to 23:00.
    ['Africa/Cairo', '2026-04-24', '2026-04-23T22:00:00.000Z', 23],
    ['Africa/Cairo', '2026-10-29', '2026-10-28T21:00:00.000Z', 25],
    // From 1:00 back to 0:00: midnight comes twice, and the day begins with the first.
    ['America/Havana', '2026-11-01', '2026-11-01T04:00:00.000Z', 25],
    // Samoa left out a day.
    ['Pacific/Apia', '2011-12-29', '2011-12-29T10:00:00.000Z', 24],
    ['Pacific/Apia', '2011-12-30', '2011-12-30T10:00:00.000Z', 0],
    ['Pacific/Apia', '2011-12-31', '2011-12-30T10:00:00.000Z', 24],
  ])('in %s, %s begins at %s and has %d hours', (timeZone, day, begins, length) => {
    expect(hours(day, timeZone)).toEqual([begins, length]);
  });

  it('ends where the next begins, the whole year round', () => {
    for (const timeZone of ['Europe/Copenhagen', 'America/Havana', 'Africa/Cairo', 'America/Sao_Paulo']) {
      let end: string | number | null = null;
      for (let day = Date.UTC(2026, 0, 1); day <= Date.UTC(2026, 11, 31); day += 24 * HOUR) {
        const span = readMoment(
          new Date(day).toISOString().slice(0, 10),
          at('2026-01-01', timeZone),
          'value',
        );
        if (end !== null) expect(span.from).toBe(end);
        end = span.to;
      }
    }
  });
});

describe('today', () => {
  it.each([
    ['2026-11-27T22:59:59.999Z', 'Europe/Copenhagen', '2026-11-27'],
    ['2026-11-27T23:00:00.000Z', 'Europe/Copenhagen', '2026-11-28'],
    ['2026-11-27T10:00:00.000Z', 'Pacific/Kiritimati', '2026-11-28'],
    ['2026-11-27T10:00:00.000Z', 'Pacific/Pago_Pago', '2026-11-26'],
    ['1969-12-31T10:00:00.000Z', 'UTC', '1969-12-31'],
  ])('at %s in %s is %s', (now, timeZone, day) => {
    expect(readDay('today', at(now, timeZone), 'value').from).toBe(day);
  });

  it('counts days of the calendar, also over those on which clocks change', () => {
    const evening = at('2026-10-24T21:30:00Z');
    expect(readDay('today+1', evening, 'value').from).toBe('2026-10-25');
    expect(readDay('today+2', evening, 'value').from).toBe('2026-10-26');
    expect(readMoment('tomorrow', evening, 'value')).toMatchObject({
      from: Date.parse('2026-10-24T22:00Z'),
      to: Date.parse('2026-10-25T23:00Z'),
    });
    expect(readDay('today-365', evening, 'value').from).toBe('2025-10-24');
  });
});
