import type { FieldTest, FieldType } from '../ports/index.ts';
import type { SqlColumn } from './sql-column.ts';
import type { Fragment } from './sql-fragment.ts';

/** How a moment stands in its column. */
export type StoredMoment = 'text' | 'epochMs' | 'epochSeconds';

/** A declared field's column. */
export interface FieldColumn extends SqlColumn {
  readonly type: FieldType;
  readonly stored: StoredMoment | undefined;
}

/** A test that needs a value; without one it is not true, whether false or undecided. */
export type ValueTest = Exclude<FieldTest, { is: 'null' }>;

/** A column that tells rows apart: the recipient's id, or whose row it is. Its values are compared as exact texts. */
export interface KeyColumn {
  /** The value as text. */
  readonly text: Fragment;
  /** How the value is stored, where a column can hold several kinds; a cursor keeps it. */
  readonly kind: Fragment | null;
  /** The column in its own order. */
  readonly order: Fragment;
  /** True of rows whose value is one of the texts. */
  among(texts: readonly string[]): Fragment;
  /** True of rows whose value is the text; an index on it and the id gives them in order. */
  is(text: string): Fragment;
  /** True of rows that come after the value; undefined where no row could have it. */
  after(text: string, kind: string): Fragment | undefined;
}

/** Runs a statement. */
export type AskSql = (statement: Fragment) => Promise<readonly Readonly<Record<string, unknown>>[]>;

/** What only a dialect knows. */
export interface SqlDialect {
  /** How the given parameter of so many is written. */
  placeholder(number: number, count: number): string;
  /** The most parameters of a statement. */
  readonly maxParameters: number;
  test(column: FieldColumn, test: ValueTest): Fragment;
  /** The columns that tell rows apart; `ask` is for what only the database knows of them. */
  openKeys(columns: readonly SqlColumn[], from: Fragment, ask: AskSql): Promise<readonly KeyColumn[]>;
}
