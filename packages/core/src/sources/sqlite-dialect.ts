import { isStorable } from './check-condition.ts';
import { isWholeNumber } from './compare-texts.ts';
import type { SqlColumn } from './sql-column.ts';
import type { FieldColumn, KeyColumn, SqlDialect } from './sql-dialect.ts';
import { ALWAYS, type Fragment, joinBalanced, NEVER, sql } from './sql-fragment.ts';
import { boundsOf, halfOpen, type Range } from './sql-range.ts';
import { sqliteMoment } from './sqlite-moment.ts';

/**
 * With more parameters than this, they are written as what could be random: SQLite compares every constant of a
 * statement with all before it, and parameters are constants. Ten thousand of them took it seconds.
 */
const MANY = 1000;

/**
 * SQLite compares by what a column was declared as: a text column without regard to case, if it says so, and a number
 * column takes `017` for 17. What decides is therefore the value as text, byte by byte; the plain comparison before it
 * lets an index serve.
 */
export const sqliteDialect: SqlDialect = {
  placeholder: (_, count) => (count > MANY ? 'coalesce(?, random())' : '?'),
  maxParameters: 32_766,
  test(column, test) {
    switch (test.is) {
      case 'one_of':
        return column.type === 'text'
          ? amongTexts(column, test.values.map(String))
          : amongNumbers(column, test.values.map(Number));
      case 'within':
        return RANGES[column.type](column, test);
      case 'contains':
        return sql`instr(${textOf(column)}, ${test.text}) > 0`;
      case 'begins_with':
        return sql`instr(${textOf(column)}, ${test.text}) = 1`;
      case 'ends_with': {
        const length = [...test.text].length;
        if (length === 0) return sql`${column.sql} is not null`;
        return sql`substr(${textOf(column)}, ${-length}) = ${test.text}`;
      }
    }
  },
  openKeys: async (columns) => columns.map(keyOf),
};

function keyOf(column: SqlColumn): KeyColumn {
  const order = sql`${column.sql} collate binary`;
  return {
    text: textOf(column),
    kind: sql`typeof(${column.sql})`,
    order,
    among: (texts) => amongTexts(column, texts.filter(isStorable)),
    is(text) {
      if (!isStorable(text)) return NEVER;
      return column.isPlain ? isText(column, text) : amongTexts(column, [text]);
    },
    after(text, kind) {
      if (kind === 'integer') return sql`${order} > cast(${text} as integer)`;
      if (kind === 'real') return sql`${order} > cast(${text} as real)`;
      return kind === 'text' ? sql`${order} > ${text}` : undefined;
    },
  };
}

function textOf(column: SqlColumn): Fragment {
  return sql`cast(${column.sql} as text)`;
}

function exact(column: SqlColumn): Fragment {
  return sql`${textOf(column)} collate binary`;
}

/**
 * Numbers stand in the list as texts and as numbers, since columns without a type convert nothing. JSON keeps all their
 * digits.
 */
function amongTexts(column: SqlColumn, texts: readonly string[]): Fragment {
  const [first] = texts;
  if (first === undefined) return NEVER;
  const numbers = texts.filter(isWholeNumber);
  if (texts.length === 1 && numbers.length === 0) return isText(column, first);
  const list = JSON.stringify(texts);
  const native = numbers.length === 0 ? list : `${list.slice(0, -1)},${numbers.join()}]`;
  return sql`(${column.sql} in (select value from json_each(${native})) and ${exact(column)} in (select value from json_each(${list})))`;
}

function isText(column: SqlColumn, text: string): Fragment {
  return sql`(${column.sql} = ${text} and ${exact(column)} = ${text})`;
}

function amongNumbers(column: SqlColumn, numbers: readonly number[]): Fragment {
  const [first] = numbers;
  if (first === undefined) return NEVER;
  if (numbers.length === 1) return sql`${column.sql} = ${first}`;
  return sql`${column.sql} in (select value from json_each(${JSON.stringify(numbers)}))`;
}

const RANGES: Readonly<Record<FieldColumn['type'], (column: FieldColumn, range: Range) => Fragment>> = {
  text: (column, range) => within(exact(column), range, sql`${column.sql} is not null`),
  number: (column, range) => numbersWithin(column, range, 1),
  boolean: () => NEVER,
  date: daysWithin,
  datetime: momentsWithin,
};

/** Every text is greater than any number. */
function numbersWithin({ sql: column }: SqlColumn, range: Range, unit: number): Fragment {
  const isNumber = sql`typeof(${column}) in ('integer', 'real')`;
  return within(column, range, isNumber, (value) => sql`${Number(value) / unit}`);
}

/** A day's texts begin with it: `2026-11-27`, `2026-11-27T10:00`. What comes after them all is the day and this. */
const LAST = '\u{10ffff}';

function daysWithin(column: FieldColumn, { from, to }: Range): Fragment {
  const first = from && { value: `${from.value}${from.inclusive ? '' : LAST}`, inclusive: true };
  const last = to && { value: `${to.value}${to.inclusive ? LAST : ''}`, inclusive: false };
  return within(column.sql, { from: first, to: last }, isDated(column));
}

function momentsWithin(column: FieldColumn, range: Range): Fragment {
  if (column.stored === 'epochMs') return numbersWithin(column, halfOpen(range), 1);
  if (column.stored === 'epochSeconds') return numbersWithin(column, halfOpen(range), 1000);
  return sql`(${isDated(column)} and ${sqliteMoment(column.sql, halfOpen(range))})`;
}

/** Whether a value begins like a day: an empty text is smaller than any day, and `n/a` is greater. */
function isDated({ sql: column }: SqlColumn): Fragment {
  return sql`${column} glob '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]*'`;
}

function within(
  column: Fragment,
  range: Range,
  fits: Fragment,
  typed = (value: string | number) => sql`${value}`,
): Fragment {
  return joinBalanced([...boundsOf(column, range, typed), fits], 'and', ALWAYS);
}
