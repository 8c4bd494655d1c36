import type { CompiledStatement, Compiler } from './compile.ts';
import type { Param } from './param.ts';
import type { Command, Program, SqlConnection } from './program.ts';

export interface ExecuteOptions {
  /**
   * Every row comes as JSON. For a host's transaction: whether its driver answers a bigint as a number, a text or a BigInt
   * does not matter then. Not for statements that answer bytes.
   */
  readonly asJson?: boolean;
}

/**
 * Executes a program on a database that is asked and answers later, one command after the other. The connection is the
 * program's alone meanwhile, and answers integers as numbers. What the database refuses rejects as its driver says it, and
 * the transaction is the caller's to end.
 *
 * @example
 * ```ts
 * import { type Compiler, executeProgram, type Program, type SqlConnection } from '@posthorn/store-sql';
 *
 * export async function inTransaction<R>(db: SqlConnection, compiler: Compiler, program: Program<R>): Promise<R> {
 *   await db.executeSql('begin', []);
 *   const result = await executeProgram(program, db, compiler);
 *   await db.executeSql('commit', []);
 *   return result;
 * }
 * ```
 */
export async function executeProgram<R>(
  program: Program<R>,
  connection: SqlConnection,
  compiler: Compiler,
  { asJson = false }: ExecuteOptions = {},
): Promise<R> {
  async function ask({ sql, returnsRows }: CompiledStatement, values: readonly Param[]): Promise<unknown> {
    if (!asJson || !returnsRows) return (await connection.executeSql(sql, values)).rows;
    const [answer] = (await connection.executeSql(jsonOf(sql), values)).rows;
    return JSON.parse((answer as { readonly rows: string }).rows);
  }

  async function runAll(sql: string, runs: readonly (readonly Param[])[]): Promise<void> {
    for (const values of runs) await connection.executeSql(sql, values);
  }

  async function perform(command: Command): Promise<unknown> {
    switch (command.kind) {
      case 'query': {
        const statement = compiler.statement(command.statement);
        return ask(statement, statement.bind(command.params));
      }
      case 'lock': {
        const { sql, bind } = compiler.statement(command.statement);
        return connection.executeSql(sql, bind(command.params));
      }
      case 'each': {
        const { sql, runs } = compiler.each(command.statement);
        return runAll(sql, runs(command.params));
      }
      case 'insert': {
        const { sql, runs } = compiler.insertion(command.insertion);
        return runAll(sql, runs(command.rows));
      }
      case 'call':
        return command.work(connection);
      case 'define':
        return connection.executeSql(command.sql, []);
    }
  }

  let step = program.next();
  while (!step.done) step = program.next(await perform(step.value));
  return step.value;
}

function jsonOf(sql: string): string {
  return `with answer as (${sql}) select coalesce(json_agg(answer), '[]')::text as rows from answer`;
}
