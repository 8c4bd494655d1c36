import { isStorable } from './check-condition.ts';
import { isWholeNumber } from './compare-texts.ts';
import type { SqlColumn } from './sql-column.ts';
import type { KeyColumn } from './sql-dialect.ts';
import { NEVER, sql, trusted } from './sql-fragment.ts';

/**
 * A column of ids, of the type that the database says. Postgres fails where `abc` is compared with numbers, and uses no
 * index where numbers are compared as texts: what does not fit the column is nobody's id, and is not sent.
 */
export function postgresKey(column: SqlColumn, type: string): KeyColumn {
  const { cast, fits } = TYPES.get(type) ?? OTHER;
  const text = sql`${column.sql}::text`;
  const exact = sql`${text} collate "C"`;
  const native = cast === null ? exact : column.sql;
  const as = trusted(cast ?? 'text');
  const isValue = (value: string) => isStorable(value) && fits(value);
  const is = (value: string) =>
    isValue(value) ? sql`(${native} = ${value}::text::${as} and ${exact} = ${value}::text)` : NEVER;
  return {
    text,
    kind: null,
    order: native,
    is,
    among(given) {
      const texts = given.filter(isValue);
      const [first] = texts;
      if (first === undefined) return NEVER;
      if (texts.length === 1) return is(first);
      const list = JSON.stringify(texts);
      return sql`(${native} in (select value::${as} from jsonb_array_elements_text(${list}::text::jsonb)) and ${exact} in (select value from jsonb_array_elements_text(${list}::text::jsonb)))`;
    },
    after: (value) => (isValue(value) ? sql`${native} > ${value}::text::${as}` : undefined),
  };
}

interface KeyType {
  /** What texts are cast to; null where the column is compared as text. */
  readonly cast: string | null;
  fits(text: string): boolean;
}

const WHOLE: KeyType = { cast: 'bigint', fits: isWholeNumber };
const TEXT: KeyType = { cast: 'text', fits: () => true };
const OTHER: KeyType = { cast: null, fits: () => true };
const UUID: KeyType = {
  cast: 'uuid',
  fits: (text) => /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(text),
};

const TYPES: ReadonlyMap<string, KeyType> = new Map([
  ['smallint', WHOLE],
  ['integer', WHOLE],
  ['bigint', WHOLE],
  ['text', TEXT],
  ['character varying', TEXT],
  ['uuid', UUID],
]);
