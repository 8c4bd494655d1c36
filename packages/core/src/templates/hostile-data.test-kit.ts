import fc from 'fast-check';
import { Drop } from 'liquidjs';

class Host extends Drop {
  readonly name = 'host';

  get url(): string {
    return 'https://example.com/?a=b&c=<d>';
  }

  override valueOf(): string {
    return 'never';
  }
}

const usual = fc.constantFrom<unknown>(
  'a',
  'b',
  'name',
  'Jens & Co',
  'two words',
  '2',
  0,
  1,
  2,
  250,
  true,
  false,
);

const text = fc.oneof(
  fc.constantFrom('', ' ', '-1', '12.50', 'now', 'DKK', 'long', '\u00a0\n', '👩‍🚀'),
  fc.constantFrom('2026-11-27', '2026-11-27T10:00', '2026-11-27T10:00:00+01:00'),
  fc.constantFrom(
    '<script>"x"</script>',
    "a\r\nBcc: b\u0000\ud800'",
    'javascript:alert(1)',
    'https://x.y/z?q=é&r',
  ),
  fc.string({ unit: 'binary', maxLength: 6 }),
);

const odd = fc.oneof(
  fc.constantFrom<unknown>(
    null,
    undefined,
    3,
    -1,
    -0,
    1.5,
    Number.NaN,
    1e21,
    -1e-7,
    7n,
    Number.POSITIVE_INFINITY,
  ),
  fc.constantFrom<unknown>(new Date(Date.UTC(2026, 10, 27, 9)), new Date(Number.NaN)),
  fc.constantFrom<unknown>(
    Symbol('x'),
    () => 'called',
    /x/g,
    new Map([['name', 1]]),
    new Set([1]),
    new Host(),
  ),
  fc.constantFrom<unknown>({ amount: 12.5, currency: 'EUR' }, { amount: 'x', currency: 1 }, [], {}),
  fc.constantFrom<unknown>(
    { toString: () => 'x', valueOf: () => 1, toLiquid: () => 'y' },
    { toString: 'x', size: 5, first: 'f', last: undefined, length: 2 },
    { next: 1, throw: 2, return: 3, equals: true, indexOf: 4 },
    JSON.parse('{"__proto__":{"name":"p"},"constructor":"c"}'),
    Object.create({ name: 'inherited' }),
    new String('boxed'),
  ),
  // With a gap, with more than its rows, and a long one.
  fc.constantFrom<unknown>(Object.assign([1], { 2: 3 }), Object.assign([1, 2], { name: 'n' }), [
    ...new Array(200).keys(),
  ]),
);

const leaf = fc.oneof({ weight: 16, arbitrary: usual }, { weight: 4, arbitrary: text }, odd);
const row = fc.record({ name: leaf, flag: leaf, n: leaf }, { requiredKeys: ['name'] });
const value = fc.oneof(
  { weight: 8, arbitrary: leaf },
  row,
  fc.array(leaf, { maxLength: 4 }),
  fc.array(row, { maxLength: 4 }),
);

/** What a host may give, most of it by the names that generated templates use. */
export const hostileData: fc.Arbitrary<object> = fc.record(
  {
    a: leaf,
    b: leaf,
    c: value,
    d: value,
    rows: fc.array(row, { maxLength: 5 }),
    group: fc.record({ name: leaf, flag: value, n: value }),
    now: leaf,
    size: leaf,
    x: value,
  },
  { requiredKeys: ['a', 'b', 'rows', 'group'] },
);
