import { type Fragment, trusted } from './sql-fragment.ts';

/** A column of the host's, as its options name it. */
export interface SqlColumn {
  readonly sql: Fragment;
  /** Whether it is a column as it stands, and not an expression: an index may serve it. */
  readonly isPlain: boolean;
}

/** `c.name`, `name`, `"Customers"."name"`. */
const NAME = '(?:[\\p{L}_][\\p{L}\\p{N}_$]*|"[^"]+"|`[^`]+`|\\[[^\\]]+\\])';
const PLAIN = new RegExp(`^${NAME}(?:\\.${NAME})*$`, 'u');

/** What an option says of a column: its name, or an expression, which is put in parentheses. */
export function sqlColumn(option: string): SqlColumn {
  const isPlain = PLAIN.test(option);
  return { isPlain, sql: trusted(isPlain ? option : `(${option})`) };
}
