import {
  createQueryId,
  FromNode,
  InsertQueryNode,
  type OperationNode,
  RawNode,
  type RootOperationNode,
  sql,
  UpdateQueryNode,
  ValueListNode,
  ValuesNode,
} from 'kysely';
import { arrayType } from './column-types.ts';
import type { Dialect } from './dialect.ts';
import { fit, layout, type Param, type Params, Place } from './param.ts';
import type { Insertion, Statement } from './program.ts';
import type { Database, Schema } from './schema.ts';

// Many rows in one statement, whose text does not grow with them: each column is one parameter, an array. It is given as
// text, which every driver and every host's transaction hands on as it is.

/** A statement for many rows. */
export interface BulkStatement<Row> {
  readonly sql: string;
  /** The values of each of its runs: one for each row, or for each thousand. */
  runs(rows: readonly Row[]): readonly (readonly Param[])[];
}

/** The most rows of one statement: a million of them must not be one text. */
const SLICE_ROWS = 1_000;

/** The rows of an insertion, as arrays. */
export function insertArrays(
  db: Database,
  { table, columns, keepExisting }: Insertion,
): BulkStatement<readonly Param[]> {
  let query = db
    .insertInto(table as keyof Schema)
    .columns(columns as never)
    .expression(sql`select * from ${unnest(columns)}` as never);
  if (keepExisting) query = query.onConflict((conflict) => conflict.doNothing());
  return {
    sql: query.compile().sql,
    runs: (rows) => slicesOf(rows).map((slice) => columns.map((_, i) => arrayText(slice, (row) => row[i]))),
  };
}

/**
 * Sets of parameters as arrays: an insert selects from them, an update joins them. A parameter that holds a number has the
 * name of its column.
 */
export function eachArrays(
  db: Database,
  dialect: Dialect,
  statement: Statement<Params, unknown>,
): BulkStatement<Params> {
  const names = new Set<string>();
  const given = new Proxy(
    {},
    {
      get(_, property) {
        const name = String(property);
        names.add(name);
        return sql.ref(`given.${givenColumn(name)}`);
      },
    },
  );
  const { query } = statement.build(db, given, dialect).compile();
  const compiler = dialect.kysely.createQueryCompiler();
  const compiled = compiler.compileQuery(fromArrays(query, [...names]), createQueryId());
  const bind = layout(compiled.parameters);
  return {
    sql: compiled.sql,
    runs: (rows) =>
      slicesOf(rows as readonly Readonly<Record<string, Param>>[]).map((slice) =>
        bind(Object.fromEntries([...names].map((name) => [name, arrayText(slice, (row) => row[name])]))),
      ),
  };
}

function fromArrays(query: RootOperationNode, names: readonly string[]): RootOperationNode {
  const columns = names.map((name) => sql.id(givenColumn(name)));
  const source = sql`${unnest(names.map(columnOf), names)} as given (${sql.join(columns)})`.toOperationNode();
  if (UpdateQueryNode.is(query)) return { ...query, from: FromNode.create([source]) };
  if (InsertQueryNode.is(query) && query.values !== undefined && ValuesNode.is(query.values)) {
    return { ...query, values: selection(query.values, source) };
  }
  throw new Error('Only updates and inserts are run for each of many sets of parameters.');
}

function selection({ values: [row] }: ValuesNode, source: OperationNode): OperationNode {
  if (row === undefined || !ValueListNode.is(row)) throw new Error('An insert for each names its values.');
  const commas = row.values.slice(1).map(() => ', ');
  return RawNode.create(['select ', ...commas, ' from ', ''], [...row.values, source]);
}

/** `names`: those of the parameters, where they are not the columns'. */
function unnest(columns: readonly string[], names: readonly string[] = columns) {
  const arrays = columns.map(
    (column, i) => sql`${new Place(names[i] ?? column)}::text::${sql.raw(arrayType(column))}`,
  );
  return sql`unnest(${sql.join(arrays)})`;
}

/** No column of a table is called so. */
function givenColumn(name: string): string {
  return `$${name}`;
}

/** `dueAt` is the value of `due_at`. */
function columnOf(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

function slicesOf<T>(rows: readonly T[]): readonly (readonly T[])[] {
  if (rows.length <= SLICE_ROWS) return [rows];
  const count = Math.ceil(rows.length / SLICE_ROWS);
  return Array.from({ length: count }, (_, i) => rows.slice(i * SLICE_ROWS, (i + 1) * SLICE_ROWS));
}

/** An array as Postgres reads it. */
function arrayText<T>(rows: readonly T[], of: (row: T) => unknown): string {
  const texts = rows.map((row) => {
    const value = fit(of(row) as Param);
    if (value === null) return 'null';
    if (typeof value === 'number') return String(value);
    return `"${(value as string).replace(/["\\]/g, '\\$&')}"`;
  });
  return `{${texts.join(',')}}`;
}
