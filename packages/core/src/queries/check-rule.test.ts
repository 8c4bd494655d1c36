import { describe, expect, it } from 'vitest';
import type { Condition } from '../ports/index.ts';
import { ANNA, and, checkSalon, rule, salonSource } from './salon.test-kit.ts';

const source = salonSource([ANNA]);
const asked = (field: string, operator: string, value?: unknown) =>
  checkSalon(source, rule(field, operator, value)).where;
const test = (field: string, of: object): Condition => ({ kind: 'test', field, test: of }) as Condition;
const below = (value: unknown) => ({ is: 'within', from: null, to: { value, inclusive: false } });
const atMost = (value: unknown) => ({ is: 'within', from: null, to: { value, inclusive: true } });
const above = (value: unknown) => ({ is: 'within', from: { value, inclusive: false }, to: null });
const atLeast = (value: unknown) => ({ is: 'within', from: { value, inclusive: true }, to: null });
const closed = (from: unknown, to: unknown) => ({
  is: 'within',
  from: { value: from, inclusive: true },
  to: { value: to, inclusive: true },
});
const halfOpen = (from: unknown, to: unknown) => ({
  is: 'within',
  from: { value: from, inclusive: true },
  to: { value: to, inclusive: false },
});
const hour = (text: string) => Date.parse(`${text}Z`);

describe('what is asked of the source', () => {
  it.each([
    ['city', '=', 'Aarhus', { is: 'one_of', values: ['Aarhus'] }],
    ['city', '=', '', { is: 'one_of', values: [''] }],
    ['city', 'in', ['a', 'b', 'a'], { is: 'one_of', values: ['a', 'b'] }],
    ['city', 'in', ' a, b ,,c\\,d ', { is: 'one_of', values: ['a', 'b', 'c,d'] }],
    ['city', 'in', [' a ', 'b,c'], { is: 'one_of', values: [' a ', 'b,c'] }],
    ['city', 'contains', '50%_\\', { is: 'contains', text: '50%_\\' }],
    ['city', 'beginsWith', 'A', { is: 'begins_with', text: 'A' }],
    ['city', 'endsWith', 's', { is: 'ends_with', text: 's' }],
    ['city', '<', 'b', below('b')],
    ['city', '<=', 'b', atMost('b')],
    ['city', '>', 'b', above('b')],
    ['city', '>=', 'b', atLeast('b')],
    ['city', 'between', ['a', 'b'], closed('a', 'b')],
    ['city', 'between', ['b', 'a'], closed('a', 'b')],
    ['city', 'between', ['😀', 'ﬁ'], closed('ﬁ', '😀')],
    ['city', 'null', 'left over', { is: 'null' }],
    ['visits', '=', 12, { is: 'one_of', values: [12] }],
    ['visits', '=', ' 12 ', { is: 'one_of', values: [12] }],
    ['visits', '=', '-1.50', { is: 'one_of', values: [-1.5] }],
    ['visits', '=', '1e3', { is: 'one_of', values: [1000] }],
    ['visits', '=', -0, { is: 'one_of', values: [0] }],
    ['visits', '=', 0.1 + 0.2, { is: 'one_of', values: [0.30000000000000004] }],
    ['visits', 'in', '1, 2', { is: 'one_of', values: [1, 2] }],
    ['visits', 'in', 7, { is: 'one_of', values: [7] }],
    ['visits', '<', '5', below(5)],
    ['visits', '<=', 5, atMost(5)],
    ['visits', '>', 5, above(5)],
    ['visits', '>=', 5, atLeast(5)],
    ['visits', 'between', '10,9', closed(9, 10)],
    ['visits', 'null', undefined, { is: 'null' }],
    ['vip', '=', true, { is: 'one_of', values: [true] }],
    ['vip', '=', 'false', { is: 'one_of', values: [false] }],
    ['vip', 'null', undefined, { is: 'null' }],
    ['born', '=', '2026-02-28', halfOpen('2026-02-28', '2026-03-01')],
    ['born', '=', 'today', halfOpen('2026-11-27', '2026-11-28')],
    ['born', '=', 'tomorrow', halfOpen('2026-11-28', '2026-11-29')],
    ['born', '=', 'yesterday', halfOpen('2026-11-26', '2026-11-27')],
    ['born', '=', 'today+7', halfOpen('2026-12-04', '2026-12-05')],
    ['born', '=', 'today-3', halfOpen('2026-11-24', '2026-11-25')],
    ['born', '=', '9999-12-31', atLeast('9999-12-31')],
    ['born', '<', '2026-02-28', below('2026-02-28')],
    ['born', '<=', '2026-02-28', below('2026-03-01')],
    ['born', '>', '2026-02-28', atLeast('2026-03-01')],
    ['born', '>=', '2026-02-28', atLeast('2026-02-28')],
    ['born', 'in', ['2026-02-28'], halfOpen('2026-02-28', '2026-03-01')],
    ['born', 'between', ['2026-02-28', '2026-02-28'], halfOpen('2026-02-28', '2026-03-01')],
    ['born', 'between', '2026-12-24, 2026-12-01', halfOpen('2026-12-01', '2026-12-25')],
    ['born', 'null', undefined, { is: 'null' }],
    ['seen', '=', '2026-11-27', halfOpen(hour('2026-11-26T23:00'), hour('2026-11-27T23:00'))],
    ['seen', '<', '2026-11-27', below(hour('2026-11-26T23:00'))],
    ['seen', '<=', '2026-11-27', below(hour('2026-11-27T23:00'))],
    ['seen', '>', '2026-11-27', atLeast(hour('2026-11-27T23:00'))],
    ['seen', '>=', '2026-11-27', atLeast(hour('2026-11-26T23:00'))],
    ['seen', '=', '2026-11-27T10:00', halfOpen(hour('2026-11-27T09:00'), hour('2026-11-27T09:00') + 1)],
    ['seen', '=', '2026-11-27T10:00Z', halfOpen(hour('2026-11-27T10:00'), hour('2026-11-27T10:00') + 1)],
    ['seen', '<', new Date(hour('2026-11-27T10:00')), below(hour('2026-11-27T10:00'))],
    ['seen', '>', '2026-11-27T10:00:00.5+01:00', atLeast(hour('2026-11-27T09:00') + 501)],
    [
      'seen',
      'between',
      ['today-1', '2026-11-27T10:00'],
      halfOpen(hour('2026-11-25T23:00'), hour('2026-11-27T09:00') + 1),
    ],
    [
      'seen',
      'between',
      ['2026-11-27T10:00', '2026-11-27'],
      halfOpen(hour('2026-11-27T09:00'), hour('2026-11-27T23:00')),
    ],
    ['seen', 'null', undefined, { is: 'null' }],
  ])('%s %s %j', (field, operator, value, expected) => {
    expect(asked(field, operator, value)).toEqual(test(field, expected));
  });

  it.each([
    ['city', '=', '!=', 'x'],
    ['city', 'in', 'notIn', ['x']],
    ['city', 'contains', 'doesNotContain', 'x'],
    ['city', 'beginsWith', 'doesNotBeginWith', 'x'],
    ['city', 'endsWith', 'doesNotEndWith', 'x'],
    ['city', 'null', 'notNull', undefined],
    ['visits', 'between', 'notBetween', [1, 2]],
    ['born', '=', '!=', 'today'],
    ['seen', 'in', 'notIn', ['today', 'yesterday']],
  ])('%s %s is the opposite of %s', (field, operator, opposite, value) => {
    expect(asked(field, opposite, value)).toEqual({ kind: 'not', of: asked(field, operator, value) });
  });

  it('is one of several days', () => {
    const days = [
      test('born', halfOpen('2026-11-27', '2026-11-28')),
      test('born', halfOpen('2026-12-24', '2026-12-25')),
    ];
    expect(asked('born', 'in', 'today, 2026-12-24')).toEqual({ kind: 'any', of: days });
  });

  it('is nobody after the last day there is', () => {
    expect(asked('born', '>', '9999-12-31')).toEqual({ kind: 'any', of: [] });
  });

  it('is one related row for the rules of a group, and another for those of a group within', () => {
    const date = { field: 'reservation.date', operator: '=', value: '2026-11-27' };
    const service = { field: 'reservation.service', operator: '=', value: 'cut' };
    const city = { field: 'city', operator: '=', value: 'Aarhus' };
    const onDay = test('date', halfOpen('2026-11-27', '2026-11-28'));
    const forCut = test('service', { is: 'one_of', values: ['cut'] });
    const inCity = test('city', { is: 'one_of', values: ['Aarhus'] });
    const related = (where: Condition) => ({ kind: 'related', relation: 'reservation', where });
    expect(checkSalon(source, and(date, city, service)).where).toEqual({
      kind: 'all',
      of: [related({ kind: 'all', of: [onDay, forCut] }), inCity],
    });
    expect(checkSalon(source, and(date, { ...and(service), not: true })).where).toEqual({
      kind: 'all',
      of: [related(onDay), { kind: 'not', of: related(forCut) }],
    });
  });
});

describe('a value that does not fit is refused, with its place:', () => {
  it.each([
    ['city', '=', undefined],
    ['city', '=', null],
    ['city', '=', 12],
    ['city', '=', ['Aarhus']],
    ['city', '=', { $ne: '' }],
    ['city', '=', 'a\0b'],
    ['city', '=', '\ud83d'],
    ['city', '=', 'x'.repeat(10_001)],
    ['city', 'contains', ''],
    ['city', 'doesNotBeginWith', ''],
    ['city', 'in', undefined],
    ['city', 'in', []],
    ['city', 'in', ' , '],
    ['city', 'in', {}],
    ['city', 'in', Array.from({ length: 10_001 }, () => 'x')],
    ['city', 'in', `x,${'y'.repeat(1_000_000)}`],
    ['city', 'between', ['a']],
    ['city', 'between', ['a', 'b', 'c']],
    ['city', 'between', 'a'],
    ['visits', '=', 'twelve'],
    ['visits', '=', ''],
    ['visits', '=', '12,5'],
    ['visits', '=', '0x10'],
    ['visits', '=', 'Infinity'],
    ['visits', '=', Number.NaN],
    ['visits', '=', Number.POSITIVE_INFINITY],
    ['visits', '=', '1e999'],
    ['visits', '=', 12n],
    ['visits', '=', true],
    ['visits', '=', '9007199254740993'],
    ['vip', '=', 'yes'],
    ['vip', '=', 1],
    ['born', '=', '27.11.2026'],
    ['born', '=', '2026-02-29'],
    ['born', '=', '2026-11-27T10:00'],
    ['born', '=', '0000-01-01'],
    ['born', '=', 'now'],
    ['born', '=', 'today +7'],
    ['born', '=', 'today+123456'],
    ['born', '=', 'Today'],
    ['born', '=', new Date()],
    ['born', '=', 20_261_127],
    ['seen', '=', '10:00'],
    ['seen', '=', 'today T10:00'],
    ['seen', '=', '2026-11-27T25:00'],
    ['seen', '=', new Date(Number.NaN)],
    ['seen', '=', 1_795_773_600_000],
    ['email.status', '=', 'fine'],
    ['email.status', '=', undefined],
    ['email.status', 'in', []],
  ])('%s %s %.60j', (field, operator, value) => {
    const shown = typeof value === 'bigint' ? String(value) : value;
    expect(() => asked(field, operator, value), JSON.stringify(shown)?.slice(0, 80)).toThrow(
      expect.objectContaining({ code: 'invalid_query', path: 'to.where.rules[0].value' }),
    );
  });

  it.each([
    ['city', ['a', 7, 'c']],
    ['visits', [1, 'two']],
    ['born', ['2026-11-27', 'someday']],
    ['email.status', ['ok', 'constructor']],
  ])('one of the list of %s', (field, value) => {
    expect(() => asked(field, 'in', value)).toThrow(
      expect.objectContaining({ code: 'invalid_query', path: 'to.where.rules[0].value[1]' }),
    );
  });
});
