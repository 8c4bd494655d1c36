import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HEALTH_STATUSES } from './address-health.ts';
import { holds } from './brute-force.test-kit.ts';
import type { RecipientQuery, RecipientRule } from './index.ts';
import { type Customer, not, salon } from './salon.test-kit.ts';

const CITIES = ['Aarhus', 'aarhus', 'Århus', '', '%', '_a', "O'Hara", 'ﬁ', '😀', 'a\\'];
const DAYS = ['2026-03-28', '2026-03-29', '2026-10-24', '2026-10-25', '2026-10-26'];
const NUMBERS = [-1, 0, 0.5, 2, 10];
const SERVICES = ['cut', 'massage', ''];
const LETTERS = ['a', 'A', '%', '_', "'", '\\', '😀', 'rhus'];

const orNull = <T>(values: readonly T[]) => fc.constantFrom<T | null>(...values, null);
/** Around the days on which the clocks change in Copenhagen, to the minute. */
const moments = fc
  .constantFrom(...DAYS)
  .chain((day) => fc.integer({ min: -30, max: 30 }).map((half) => Date.parse(day) + half * 1_800_000));

const customer: fc.Arbitrary<Omit<Customer, 'id'>> = fc.record({
  city: orNull(CITIES),
  visits: orNull(NUMBERS),
  vip: orNull([true, false]),
  born: orNull(DAYS),
  seen: fc.option(moments),
  reservations: fc.array(
    fc.record({ date: orNull(DAYS), service: orNull(SERVICES), minutes: orNull(NUMBERS) }),
    { maxLength: 3 },
  ),
  email: fc.constantFrom(...HEALTH_STATUSES),
  phone: fc.constantFrom(...HEALTH_STATUSES),
});
const customers = fc
  .array(customer, { maxLength: 12 })
  .map((rows) => rows.map((row, index): Customer => ({ ...row, id: `c${index}` })));

const ORDERED = ['=', '!=', '<', '<=', '>', '>='];

function rules(field: string, values: readonly (string | number)[]): fc.Arbitrary<RecipientRule> {
  const value = fc.constantFrom(...values);
  return fc.oneof(
    fc.record({ field: fc.constant(field), operator: fc.constantFrom(...ORDERED), value }),
    fc.record({
      field: fc.constant(field),
      operator: fc.constantFrom('in', 'notIn'),
      value: fc.array(value, { minLength: 1, maxLength: 3 }),
    }),
    fc.record({
      field: fc.constant(field),
      operator: fc.constantFrom('between', 'notBetween'),
      value: fc.tuple(value, value),
    }),
    fc.record({ field: fc.constant(field), operator: fc.constantFrom('null', 'notNull') }),
  );
}

function searches(field: string): fc.Arbitrary<RecipientRule> {
  const operators = [
    'contains',
    'beginsWith',
    'endsWith',
    'doesNotContain',
    'doesNotBeginWith',
    'doesNotEndWith',
  ];
  return fc.record({
    field: fc.constant(field),
    operator: fc.constantFrom(...operators),
    value: fc.constantFrom(...LETTERS),
  });
}

const sourceRules = fc.oneof(
  rules('city', CITIES),
  searches('city'),
  rules('visits', NUMBERS),
  fc.record({
    field: fc.constant('vip'),
    operator: fc.constantFrom('=', '!=', 'null', 'notNull'),
    value: fc.boolean(),
  }),
  rules('born', DAYS),
  rules('seen', DAYS),
  rules('reservation.date', DAYS),
  rules('reservation.service', SERVICES),
  searches('reservation.service'),
  rules('reservation.minutes', NUMBERS),
);

const healthRules = fc.oneof(
  ...['email.status', 'phone.status'].flatMap((field) => [
    fc.record({
      field: fc.constant(field),
      operator: fc.constantFrom('=', '!='),
      value: fc.constantFrom(...HEALTH_STATUSES),
    }),
    fc.record({
      field: fc.constant(field),
      operator: fc.constantFrom('in', 'notIn'),
      value: fc.subarray([...HEALTH_STATUSES], { minLength: 1 }),
    }),
  ]),
);

const anyRule = fc.oneof({ arbitrary: sourceRules, weight: 3 }, { arbitrary: healthRules, weight: 2 });

const { query } = fc.letrec<{ query: RecipientQuery; part: RecipientQuery | RecipientRule }>((tie) => ({
  query: fc.record({
    combinator: fc.constantFrom('and', 'or'),
    not: fc.boolean(),
    muted: fc.constantFrom(false, false, false, undefined),
    rules: fc.array(tie('part'), { maxLength: 4 }),
  }),
  part: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    anyRule.chain((rule) => fc.constantFrom(rule, rule, rule, { ...rule, muted: true })),
    tie('query'),
  ),
}));

describe('whatever is asked', () => {
  it('exactly those are found of whom it is true, each once, in pages of any size', async () => {
    await fc.assert(
      fc.asyncProperty(customers, query, fc.integer({ min: 1, max: 5 }), async (rows, asked, limit) => {
        const { find } = await salon(rows);
        const expected = rows.filter((row) => holds(asked, row)).map(({ id }) => id);
        expect((await find(asked, limit)).sort()).toEqual(expected.sort());
      }),
      { numRuns: 800 },
    );
  });

  it('everybody is found by it or by its opposite, and nobody by both', async () => {
    await fc.assert(
      fc.asyncProperty(customers, query, async (rows, asked) => {
        const { find } = await salon(rows);
        const found = [...(await find(asked)), ...(await find(not(asked)))];
        expect(found.sort()).toEqual(rows.map(({ id }) => id).sort());
      }),
      { numRuns: 300 },
    );
  });
});
