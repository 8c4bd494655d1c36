import type { Command, Compiler, Param, Program } from '@posthorn/store-sql';
import type { HostDatabase } from './host-database.ts';
import { type PreparedStatement, prepareStatement } from './prepared-statement.ts';

/** Texts that come and go (lists with filters) must not pile up. */
const MAX_PREPARED = 300;

/** Executes programs on one handle, synchronously. */
export interface Executor {
  execute<R>(program: Program<R>): R;
}

export function createExecutor(database: HostDatabase, compiler: Compiler): Executor {
  const prepared = new Map<string, PreparedStatement>();

  function prepare(sql: string): PreparedStatement {
    let statement = prepared.get(sql);
    if (statement === undefined) {
      if (prepared.size >= MAX_PREPARED) prepared.clear();
      statement = prepareStatement(database, sql);
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
        return returnsRows ? statement.all(values) : statement.run(values);
      }
      case 'each': {
        const { sql, runs } = compiler.each(command.statement);
        return runEach(prepare(sql), runs(command.params));
      }
      case 'insert': {
        const { sql, runs } = compiler.insertion(command.insertion);
        return runEach(prepare(sql), runs(command.rows));
      }
      case 'lock':
        // There is one writer at a time.
        return undefined;
      case 'call':
        throw new Error('Nothing can be waited for on SQLite.');
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

function runEach(statement: PreparedStatement, rows: readonly (readonly Param[])[]): void {
  for (const row of rows) statement.run(row);
}
