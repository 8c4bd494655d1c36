import type { Compilable, CompiledQuery } from 'kysely';
import type { Dialect } from './dialect.ts';
import type { Param, Params } from './param.ts';
import type { Database, Schema } from './schema.ts';

export type { Param, Params };

/**
 * One store operation: a generator that yields commands and is given their rows. It knows neither connections nor
 * promises, so that the same operation runs synchronously on SQLite (also inside a host's open transaction, where
 * nothing may be awaited) and asynchronously elsewhere. A runner executes it in one transaction, and may run it again
 * from the start where the database was busy.
 */
export type Program<R> = Generator<Command, R, unknown>;

/** What a program asks its runner for. */
export type Command = QueryCommand | EachCommand | InsertCommand | LockCommand | CallCommand | DefineCommand;

/** Answers the rows of the statement. */
export interface QueryCommand {
  readonly kind: 'query';
  readonly statement: AnyStatement;
  readonly params: Params;
}

/**
 * Runs the statement once for each set of parameters; answers nothing. No two sets may name the same row: where the
 * database takes arrays, all of them are one statement.
 */
export interface EachCommand {
  readonly kind: 'each';
  readonly statement: AnyStatement;
  readonly params: readonly Params[];
}

/** Inserts the rows; answers nothing. */
export interface InsertCommand {
  readonly kind: 'insert';
  readonly insertion: Insertion;
  readonly rows: readonly (readonly Param[])[];
}

/**
 * Locks rows or names until the transaction ends; answers nothing. Programs say with it what must not change between
 * their reading and their writing. A database with one writer at a time passes it over.
 */
export interface LockCommand {
  readonly kind: 'lock';
  readonly statement: AnyStatement;
  readonly params: Params;
}

/**
 * Has a backend do something of its own on the program's connection, and answers what it answers. Only for runners that
 * can wait.
 */
export interface CallCommand {
  readonly kind: 'call';
  readonly work: (connection: SqlConnection) => Promise<unknown>;
}

/** A connection with a transaction open on it, or one that reads: the shape in which pg-boss takes it, too. */
export interface SqlConnection {
  executeSql(text: string, values: readonly unknown[]): Promise<{ readonly rows: readonly unknown[] }>;
  /** Calls once the transaction is committed. A host's own is not there: nobody hears of its end. */
  afterCommit?(then: () => void): void;
}

/** Changes tables or indexes; answers nothing. Run once, so nothing is kept of it. */
export interface DefineCommand {
  readonly kind: 'define';
  readonly sql: string;
}

/** A query with named places for its parameters, compiled once per dialect. */
export interface Statement<P extends Params, R> {
  readonly build: (db: Database, p: P, dialect: Dialect) => Compilable<R>;
}

/** A statement whose parameters and rows do not matter to the reader. */
export interface AnyStatement {
  readonly build: (...args: never[]) => Compilable<unknown>;
}

/** Rows that go into a table, column by column. */
export interface Insertion {
  readonly table: string;
  readonly columns: readonly string[];
  /** What is there already stays as it is. */
  readonly keepExisting: boolean;
}

/** Names a query. `p` stands for the parameters: use its properties wherever Kysely takes a value. */
export function statement<P extends Params, R>(
  build: (db: Database, p: P, dialect: Dialect) => Compilable<R>,
): Statement<P, R> {
  return { build };
}

export function insertion<T extends keyof Schema>(
  table: T,
  columns: readonly (keyof Schema[T] & string)[],
  options: { readonly keepExisting?: boolean } = {},
): Insertion {
  return { table, columns, keepExisting: options.keepExisting ?? false };
}

/** The rows of a statement. */
export function* all<P extends Params, R>(statement: Statement<P, R>, params: P): Program<readonly R[]> {
  // A runner answers a query with its rows; their type is the statement's.
  return (yield { kind: 'query', statement, params }) as readonly R[];
}

/** The first row of a statement. */
export function* first<P extends Params, R>(statement: Statement<P, R>, params: P): Program<R | undefined> {
  const rows = yield* all(statement, params);
  return rows[0];
}

/** Runs a statement for what it does. */
export function* run<P extends Params>(statement: Statement<P, unknown>, params: P): Program<void> {
  yield { kind: 'query', statement, params };
}

export function* each<P extends Params>(
  statement: Statement<P, unknown>,
  params: readonly P[],
): Program<void> {
  if (params.length > 0) yield { kind: 'each', statement, params };
}

export function* insert(insertion: Insertion, rows: readonly (readonly Param[])[]): Program<void> {
  if (rows.length > 0) yield { kind: 'insert', insertion, rows };
}

export function* holdLock<P extends Params>(statement: Statement<P, unknown>, params: P): Program<void> {
  yield { kind: 'lock', statement, params };
}

export function* call<R>(work: (connection: SqlConnection) => Promise<R>): Program<R> {
  // A runner answers with what the work resolves to.
  return (yield { kind: 'call', work }) as R;
}

export function* define({ sql }: CompiledQuery): Program<void> {
  yield { kind: 'define', sql };
}
