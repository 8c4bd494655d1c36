import { quoted } from '../did-you-mean.ts';
import type { FieldType } from '../ports/index.ts';
import { rowText } from '../recipients/index.ts';
import type { RowReader } from './match-condition.ts';
import { failed } from './read-failure.ts';

/** Where a value stands in a row, whatever the row's type. */
type Column = string | ((row: never) => unknown);

interface Declared {
  readonly [name: string]: { readonly column: Column; readonly type: FieldType };
}

interface DeclaredRelation {
  readonly label: string;
  readonly rows: (row: never) => readonly object[];
  readonly fields: Declared;
}

/** Reads rows in memory as their source's options declare them. */
export function rowReader<Row extends object>(options: {
  readonly label: string;
  readonly id: Column;
  readonly fields?: Declared | undefined;
  readonly relations?: Readonly<Record<string, DeclaredRelation>> | undefined;
}): RowReader<Row> {
  const id = readColumn(options.id);
  return {
    ...fieldReader(options.fields ?? {}),
    id: (row) => rowText(id(row)),
    relation(name) {
      const { rows, fields, label } = known(options.relations ?? {}, name);
      const what = `\`rows\` of the relation ${quoted(label)}`;
      return {
        rows: (row) => checkRows(rows(row as never), options.label, what),
        reader: fieldReader(fields),
      };
    },
  };
}

/** Of related rows only fields are asked. */
function fieldReader(fields: Declared): RowReader<object> {
  return {
    id: () => undefined,
    field(name) {
      const { type, column } = known(fields, name);
      return { type, read: readColumn(column) };
    },
    relation: (name) => known({}, name),
  };
}

function readColumn(column: Column): (row: object) => unknown {
  if (typeof column === 'function') return (row) => column(row as never);
  return (row) => (row as Readonly<Record<string, unknown>>)[column];
}

/** @throws SourceError `source_failed` where they are no list of objects; `what` answered them. */
export function checkRows<Row extends object>(
  rows: readonly Row[],
  label: string,
  what: string,
): readonly Row[] {
  if (Array.isArray(rows) && rows.every((row) => typeof row === 'object' && row !== null)) return rows;
  throw failed(label, `Its ${what} answered no list of objects.`);
}

function known<T>(named: Readonly<Record<string, T>>, name: string): T {
  const found = named[name];
  if (found === undefined) throw new TypeError(`${quoted(name)} was not checked`);
  return found;
}
