import { postgresKey } from './postgres-key.ts';
import type { SqlColumn } from './sql-column.ts';
import type { FieldColumn, SqlDialect } from './sql-dialect.ts';
import { type Fragment, joinBalanced, listed, NEVER, sql, trusted } from './sql-fragment.ts';
import { boundsOf, halfOpen, type Range } from './sql-range.ts';

/**
 * Every parameter is sent as text and cast in the statement, so that no driver guesses at types. Texts are compared byte
 * by byte (`collate "C"`), whatever the database's language; the plain comparison before it lets an index serve.
 */
export const postgresDialect: SqlDialect = {
  placeholder: (number) => `$${number}`,
  maxParameters: 65_535,
  test(column, test) {
    switch (test.is) {
      case 'one_of':
        return AMONG[column.type](column, test.values.map(String));
      case 'within':
        return RANGES[column.type](column, test);
      case 'contains':
        return sql`strpos(${exact(column)}, ${test.text}::text) > 0`;
      case 'begins_with':
        return sql`strpos(${exact(column)}, ${test.text}::text) = 1`;
      case 'ends_with': {
        const length = trusted(String([...test.text].length));
        return sql`right(${exact(column)}, ${length}) = ${test.text}::text`;
      }
    }
  },
  async openKeys(columns, from, ask) {
    const types = columns.map(
      ({ sql: column }, index) =>
        sql`pg_typeof((select ${column} from ${from} limit 0))::text as ${trusted(`key_${index}`)}`,
    );
    const [row] = await ask(sql`select ${listed(types)}`);
    return columns.map((column, index) => postgresKey(column, String(row?.[`key_${index}`])));
  },
};

function exact({ sql: column }: SqlColumn): Fragment {
  return sql`${column}::text collate "C"`;
}

const AMONG: Readonly<
  Record<FieldColumn['type'], (column: FieldColumn, values: readonly string[]) => Fragment>
> = {
  text: amongTexts,
  number: (column, values) => among(column.sql, values, values.every(isWhole) ? 'bigint' : 'numeric'),
  boolean: (column, values) => among(column.sql, values, 'boolean'),
  date: () => NEVER,
  datetime: () => NEVER,
};

function amongTexts(column: SqlColumn, texts: readonly string[]): Fragment {
  const plain = among(sql`${column.sql}::text`, texts, 'text');
  return texts.length === 0 ? NEVER : sql`(${plain} and ${among(exact(column), texts, 'text')})`;
}

/** One parameter, however many they are. */
function among(column: Fragment, values: readonly string[], type: string): Fragment {
  const [first] = values;
  if (first === undefined) return NEVER;
  if (values.length === 1) return sql`${column} = ${first}::text::${trusted(type)}`;
  return sql`${column} in (select value::${trusted(type)} from jsonb_array_elements_text(${JSON.stringify(values)}::text::jsonb))`;
}

const RANGES: Readonly<Record<FieldColumn['type'], (column: FieldColumn, range: Range) => Fragment>> = {
  text: (column, range) => within(exact(column), range, (value) => sql`${String(value)}::text`),
  number: ({ sql: column }, range) => within(column, range, numberOf),
  boolean: () => NEVER,
  date: ({ sql: column }, range) =>
    within(sql`${column}::date`, range, (value) => sql`${String(value)}::text::date`),
  datetime: ({ sql: column, stored }, range) => within(column, halfOpen(range), MOMENTS[stored ?? 'text']),
};

const MOMENTS = {
  text: momentOf,
  epochMs: numberOf,
  epochSeconds: (ms: string | number) => numberOf(Number(ms) / 1000),
};

function momentOf(ms: string | number): Fragment {
  return sql`(timestamptz 'epoch' + ${String(ms)}::text::float8 * interval '1 millisecond')`;
}

/** Whole numbers as such: an index of whole numbers serves them, and not decimals. */
function numberOf(value: string | number): Fragment {
  const text = String(value);
  return isWhole(text) ? sql`${text}::text::bigint` : sql`${text}::text::numeric`;
}

function isWhole(text: string): boolean {
  return Number.isSafeInteger(Number(text));
}

function within(column: Fragment, range: Range, typed: (value: string | number) => Fragment): Fragment {
  return joinBalanced(boundsOf(column, range, typed), 'and', sql`${column} is not null`);
}
