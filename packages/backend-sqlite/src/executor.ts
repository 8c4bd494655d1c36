import type { Command, Compiler, Param, Program } from '@posthorn/store-sql';
import type { HostDatabase, HostStatement } from './host-database.ts';

/** Texts that come and go (lists with filters) must not pile up. */
const MAX_PREPARED = 300;

/** Executes programs on one handle, synchronously. */
export interface Executor {
  execute<R>(program: Program<R>): R;
}

export function createExecutor(database: HostDatabase, compiler: Compiler): Executor {
  const prepared = new Map<string, HostStatement>();

  function prepare(sql: string): HostStatement {
    let statement = prepared.get(sql);
    if (statement === undefined) {
      if (prepared.size >= MAX_PREPARED) prepared.clear();
      statement = database.prepare(sql);
      plainRows(statement);
      prepared.set(sql, statement);
    }
    return statement;
  }

  function perform(command: Command): unknown {
    switch (command.kind) {
      case 'query': {
        const { sql, returnsRows, bind } = compiler.statement(command.statement);
        const statement = prepare(sql);
        const values = bind(command.params);
        return returnsRows ? statement.all(...values) : statement.run(...values);
      }
      case 'each': {
        const { sql, bind } = compiler.statement(command.statement);
        return runEach(prepare(sql), command.params.map(bind));
      }
      case 'insert':
        return runEach(prepare(compiler.insertion(command.insertion).sql), command.rows);
      case 'define':
        return database.exec(command.sql);
    }
  }

  return {
    execute(program) {
      let step = program.next();
      while (!step.done) step = program.next(perform(step.value));
      return step.value;
    },
  };
}

function runEach(statement: HostStatement, rows: readonly (readonly Param[])[]): void {
  for (const row of rows) statement.run(...row);
}

/** A host may have asked its handle for BigInts or arrays; our statements answer rows of numbers. */
function plainRows(statement: HostStatement): void {
  statement.setReadBigInts?.(false);
  statement.setReturnArrays?.(false);
  statement.safeIntegers?.(false);
}
