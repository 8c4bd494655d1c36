import type { Compiler, Program } from '@posthorn/store-sql';
import { createExecutor, type Executor } from './executor.ts';
import {
  checkedTransaction,
  type HostDatabase,
  type HostStatement,
  isInTransaction,
} from './host-database.ts';

/** Runs programs inside the transaction that the host has open on its own handle. */
export interface HostTransactions {
  read<R>(tx: unknown, program: Program<R>): R;
  /** All or nothing, even where the host catches the error and commits. */
  write<R>(tx: unknown, program: Program<R>): R;
}

export function createHostTransactions(host: HostDatabase | null, compiler: Compiler): HostTransactions {
  let executor: Executor | undefined;
  let probe: HostStatement | undefined;

  /** A handle that was closed and opened again has let go of every statement prepared on it. */
  function executorOn(handle: HostDatabase): Executor {
    if (executor === undefined || !isPrepared(probe)) {
      probe = handle.prepare('select 1');
      executor = createExecutor(handle, compiler);
    }
    return executor;
  }

  return {
    read: (tx, program) => executorOn(checkedTransaction(tx, host)).execute(program),
    write(tx, program) {
      const handle = checkedTransaction(tx, host);
      handle.exec('savepoint posthorn');
      try {
        const result = executorOn(handle).execute(program);
        handle.exec('release posthorn');
        return result;
      } catch (error) {
        // Where the disk is full SQLite may have rolled everything back by itself.
        if (isInTransaction(handle)) handle.exec('rollback to posthorn; release posthorn');
        throw error;
      }
    },
  };
}

function isPrepared(statement: HostStatement | undefined): boolean {
  try {
    return statement?.all() !== undefined;
  } catch {
    return false;
  }
}
