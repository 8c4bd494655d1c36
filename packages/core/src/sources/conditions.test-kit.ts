import fc from 'fast-check';
import type { Bound, Condition, FieldType, RecipientSource, SourceScope } from '../ports/index.ts';
import { type Customer, FIELDS, RELATED_FIELDS, type Reservation } from './salon.test-kit.ts';

// Arbitrary customers and questions about them, of few values that meet often.

const PIECES = [
  'Aarhus',
  'aarhus',
  'ÆØÅ',
  'æ',
  '%',
  '_',
  '\\',
  "'",
  '"',
  '😀',
  '\ufb01',
  '\u{10ffff}',
  'e\u0301',
  'שלום',
  '8000',
  '08000',
  "'; drop table customers; --",
  '?',
  '$1',
  ' ',
  '\n',
];
const text = fc.oneof(
  fc.constantFrom('Aarhus', 'aarhus', '😀', '\ufb01', '8000'),
  fc.array(fc.constantFrom(...PIECES), { maxLength: 3 }).map((pieces) => pieces.join('')),
);
const number = fc.constantFrom(-1, 0, 1, 2, 2.5, 0.1, 1e9, 2 ** 40);
const whole = fc.constantFrom(-1, 0, 1, 2, 30);
const day = fc.constantFrom('1999-12-31', '2026-02-28', '2026-11-27', '2026-11-28', '2028-02-29');
const MIDNIGHT = Date.UTC(2026, 10, 27);
const ms = fc.constantFrom(
  MIDNIGHT - 1,
  MIDNIGHT,
  MIDNIGHT + 1,
  MIDNIGHT + 57,
  MIDNIGHT + 3_600_000,
  999,
  -86_400_001,
);

/** ISO 8601, as databases and languages write it: any offset, any fraction, a space for the T. */
const seen = fc
  .record({
    ms,
    hours: fc.integer({ min: -11, max: 13 }),
    half: fc.constantFrom(0, 30),
    form: fc.nat({ max: 4 }),
    rest: fc.constantFrom('', '0', '9', '999'),
    gap: fc.constantFrom('T', ' '),
    isShort: fc.boolean(),
  })
  .map(({ ms, hours, half, form, rest, gap, isShort }) => {
    const minutes = form < 2 ? 0 : hours * 60 + Math.sign(hours) * (form === 2 ? 0 : half);
    const two = (value: number) => String(value).padStart(2, '0');
    const [hh, mm] = [two(Math.trunc(Math.abs(minutes) / 60)), two(Math.abs(minutes) % 60)];
    const offset = ['', 'Z', hh, `${hh}${mm}`, `${hh}:${mm}`][form];
    const sign = form < 2 ? '' : minutes < 0 ? '-' : '+';
    const wall = `${new Date(ms + minutes * 60_000).toISOString().slice(0, -1)}${rest}`;
    const text = `${isShort ? wall.replace(/:00\.0*$/, '') : wall}${sign}${offset}`;
    return { ms, text: isShort ? text.replace(/T00:00$/, '') : text.replace('T', gap) };
  });

const orNull = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: null, freq: 4 });

const reservation: fc.Arbitrary<Reservation> = fc.record({
  day: orNull(day),
  service: orNull(text),
  minutes: orNull(whole),
});

export function customers(ids: fc.Arbitrary<number | string>): fc.Arbitrary<readonly Customer[]> {
  const customer: fc.Arbitrary<Customer> = fc.record({
    id: ids,
    company: fc.constantFrom('sol', 'luna', 'Sol', "sol' or '1'='1"),
    city: orNull(text),
    points: orNull(number),
    visits: orNull(whole),
    vip: orNull(fc.boolean()),
    born: orNull(day),
    seen: orNull(seen),
    reservations: fc.array(reservation, { maxLength: 3 }),
  });
  return fc.uniqueArray(customer, { minLength: 1, maxLength: 12, selector: ({ id }) => id });
}

export const wholeIds = fc.constantFrom(1, 2, 3, 9, 10, 11, 17, 100, -4, 2 ** 40, Number.MAX_SAFE_INTEGER);
export const textIds = fc.oneof(
  fc.constantFrom('a', 'A', 'ab', '17', '017', '9', '10'),
  text.filter((id) => id !== ''),
);
const strangeIds = fc.constantFrom(
  'abc',
  '017',
  '17.0',
  '1e0',
  '',
  "1' or '1'='1",
  '9'.repeat(40),
  'a\0',
  '\ud800',
);
const askedIds = fc.array(fc.oneof(wholeIds.map(String), textIds, strangeIds), { maxLength: 4 });

const VALUES: Readonly<Record<FieldType, fc.Arbitrary<string | number | boolean>>> = {
  text,
  number,
  boolean: fc.boolean(),
  date: day,
  datetime: ms,
};

function bound(type: FieldType): fc.Arbitrary<Bound | null> {
  const value = VALUES[type] as fc.Arbitrary<string | number>;
  return orNull(fc.record({ value, inclusive: fc.boolean() }));
}

function test(field: string, type: FieldType): fc.Arbitrary<Condition> {
  const isNull = fc.constant({ is: 'null' } as const);
  const within = fc.record({ is: fc.constant('within' as const), from: bound(type), to: bound(type) });
  const values = fc.array(VALUES[type], { maxLength: 3 });
  const oneOf = fc.record({ is: fc.constant('one_of' as const), values });
  const part = fc.record({ is: fc.constantFrom('contains', 'begins_with', 'ends_with'), text });
  const tests = {
    text: fc.oneof(isNull, within, oneOf, part),
    number: fc.oneof(isNull, within, oneOf),
    boolean: fc.oneof(isNull, oneOf),
    date: fc.oneof(isNull, within),
    datetime: fc.oneof(isNull, within),
  };
  return (tests[type] as fc.Arbitrary<never>).map((made) => ({ kind: 'test', field, test: made }));
}

function grown(leaf: fc.Arbitrary<Condition>): fc.Arbitrary<Condition> {
  return fc.letrec<{ condition: Condition }>((tie) => {
    const of = fc.array(tie('condition'), { maxLength: 3 });
    return {
      condition: fc.oneof(
        { depthSize: 'small', withCrossShrink: true },
        leaf,
        fc.record({ kind: fc.constantFrom('all' as const, 'any' as const), of }),
        fc.record({ kind: fc.constant('not' as const), of: tie('condition') }),
      ),
    };
  }).condition;
}

const related = grown(fc.oneof(...RELATED_FIELDS.map(([name, type]) => test(name, type)))).map(
  (where): Condition => ({ kind: 'related', relation: 'reservation', where }),
);

export const conditions: fc.Arbitrary<Condition> = grown(
  fc.oneof(
    ...FIELDS.map(([name, type]) => test(name, type)),
    related,
    related,
    askedIds.map((ids): Condition => ({ kind: 'ids', ids })),
  ),
);

export const EVERYBODY: Condition = { kind: 'all', of: [] };

/** Everybody a source finds, read in pages, and what it answers to probes. */
export async function findAll(
  source: RecipientSource,
  where: Condition,
  scope: SourceScope,
  { limit = 4, probes = [] }: { limit?: number; probes?: readonly Condition[] } = {},
): Promise<readonly { id: string; probes: readonly boolean[] }[]> {
  const read = async (after: string | null): Promise<{ id: string; probes: readonly boolean[] }[]> => {
    const page = await source.find?.({ where, probes, after, limit }, scope);
    if (page === undefined || page.recipients.length > limit) throw new Error('not a page');
    const found = page.recipients.map(({ id, probes: answers = [] }) => ({ id, probes: answers }));
    return page.next === null ? found : [...found, ...(await read(page.next))];
  };
  return read(null);
}

export const HOST: SourceScope = { tenant: 'default', scoped: false };
export const SOL: SourceScope = { tenant: 'sol', scoped: true };
