import { describe, expect, it } from 'vitest';
import { readInstant } from './zoned-time.ts';

const at = (value: Date | string, zone = 'Europe/Copenhagen') =>
  new Date(readInstant(value, zone, 'sendAt')).toISOString();

describe('the time that sendAt names', () => {
  it.each([
    ['a Date', new Date('2026-11-27T10:00:00Z'), '2026-11-27T10:00:00.000Z'],
    ['text with an offset', '2026-11-27T10:00:00+01:00', '2026-11-27T09:00:00.000Z'],
    ['text in UTC', '2026-11-27T10:00Z', '2026-11-27T10:00:00.000Z'],
    ["a clock on the tenant's wall in winter", '2026-11-27T10:00', '2026-11-27T09:00:00.000Z'],
    ["a clock on the tenant's wall in summer", '2026-07-27T10:00', '2026-07-27T08:00:00.000Z'],
    ['the first of an hour that comes twice', '2026-10-25T02:30', '2026-10-25T00:30:00.000Z'],
    ['an hour that the clocks leave out, later by it', '2026-03-29T02:30', '2026-03-29T01:30:00.000Z'],
    ['just before the clocks change', '2026-03-29T01:59:59', '2026-03-29T00:59:59.000Z'],
    ['just after the clocks change', '2026-03-29T03:00', '2026-03-29T01:00:00.000Z'],
  ])('%s', (_, value, expected) => {
    expect(at(value)).toBe(expected);
  });

  it('is read in zones far from UTC', () => {
    expect(at('2026-01-01T00:30', 'Pacific/Kiritimati')).toBe('2025-12-31T10:30:00.000Z');
    expect(at('2025-12-31T23:30', 'Pacific/Pago_Pago')).toBe('2026-01-01T10:30:00.000Z');
  });

  it.each(['', 'tomorrow', '2026-11-27', '2026-02-30T10:00', '10:00', '1e3'])('refuses %j', (value) => {
    expect(() => at(value)).toThrow(expect.objectContaining({ code: 'invalid_input', path: 'sendAt' }));
  });
});
