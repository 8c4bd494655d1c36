import { type Clock, ConfigurationError, type Log, StoreError } from '@posthorn/core';
import { type Compiler, isMigrated, migrate, type Program, type Runner } from '@posthorn/store-sql';
import { Checkpointer } from './checkpointer.ts';
import {
  type Connection,
  createConnection,
  type Durability,
  type OwnDatabase,
  useWriteAheadLog,
} from './connection.ts';
import { eventLoop } from './event-loop.ts';
import { type HostDatabase, isInTransaction } from './host-database.ts';
import { createHostTransactions } from './host-transaction.ts';
import { retryBusy } from './retry-busy.ts';
import { isBusy, storeError } from './sqlite-error.ts';

export interface RunnerOptions {
  readonly file: string;
  readonly open: (file: string) => Promise<OwnDatabase>;
  readonly host: HostDatabase | null;
  readonly clock: Clock;
  readonly log: Log;
  readonly compiler: Compiler;
}

export interface SqliteRunner extends Runner {
  readonly isClosed: boolean;
  close(): Promise<void>;
}

/** Opens our own connection, brings the tables up to date, and runs programs: there, or on the host's transaction. */
export async function openRunner(options: RunnerOptions): Promise<SqliteRunner> {
  const { file, host, clock, log, compiler } = options;
  const failure = (error: unknown) =>
    isBusy(error) ? busyError(error, file, host) : storeError(error, file);

  const connection = await openConnection(options).catch((error: unknown) => {
    throw failure(error);
  });
  // Only node:sqlite's handles have a location; one in memory says null.
  const isOurs = typeof connection.database.location?.() === 'string';
  const checkpointer = isOurs ? new Checkpointer(file, connection.database, log) : undefined;
  const onHost = createHostTransactions(host, compiler);
  const letOthersIn = eventLoop(clock);
  let isClosed = false;

  /** Runs at once; only a busy database makes it come back later. */
  async function own<R>(work: (connection: Connection) => R): Promise<R> {
    try {
      const result = await retryBusy(clock, () => {
        if (isClosed) throw closedError();
        return work(connection);
      });
      await letOthersIn();
      return result;
    } catch (error) {
      throw failure(error);
    }
  }

  async function write<R>(program: () => Program<R>, durability: Durability): Promise<R> {
    const result = await own((it) => it.write(program(), durability));
    checkpointer?.look();
    return result;
  }

  async function inTransaction<R>(work: () => R): Promise<R> {
    if (isClosed) throw closedError();
    try {
      const result = work();
      await letOthersIn();
      return result;
    } catch (error) {
      throw isBusy(error) ? busyTransaction(error, file) : storeError(error, file);
    }
  }

  return {
    get isClosed() {
      return isClosed;
    },
    // With `tx` all is done when the promise is handed out: nothing comes in between.
    read: (program, tx) =>
      tx === undefined ? own((it) => it.read(program())) : inTransaction(() => onHost.read(tx, program())),
    write: (program, tx) =>
      tx === undefined ? write(program, 'full') : inTransaction(() => onHost.write(tx, program())),
    writeRelaxed: (program) => write(program, 'normal'),
    async close() {
      if (isClosed) return;
      isClosed = true;
      await checkpointer?.close();
      connection.close();
    },
  };
}

async function openConnection({ file, open, clock, compiler }: RunnerOptions): Promise<Connection> {
  const database = await open(file);
  try {
    await retryBusy(clock, () => useWriteAheadLog(database));
    const connection = createConnection(database, compiler);
    // Looked at first: a database that is up to date opens beside a transaction that holds the write lock.
    const isCurrent = await retryBusy(clock, () => connection.read(isMigrated()));
    if (!isCurrent) {
      await retryBusy(clock, () => connection.write(migrate(compiler.dialect, clock.now()), 'full'));
    }
    return connection;
  } catch (error) {
    database.close();
    throw error;
  }
}

function closedError(): ConfigurationError {
  return new ConfigurationError('closed', 'This Posthorn is closed.', {
    advice: 'Create another one, or close it later.',
  });
}

function busyError(cause: unknown, file: string, host: HostDatabase | null): StoreError {
  const ours = host !== null && isInTransaction(host);
  return new StoreError('store_busy', `The database ${file} stayed locked for five seconds.`, {
    path: file,
    cause,
    advice: ours
      ? 'A transaction is open on the handle given to sqlite({ database }): pass that handle as `tx`, or end the ' +
        'transaction first. (The very first call makes the tables, which a transaction held open forbids.)'
      : 'Something else holds a transaction open on it; keep transactions short.',
  });
}

function busyTransaction(cause: unknown, file: string): StoreError {
  return new StoreError(
    'store_busy',
    `The database ${file} is locked by another writer, so \`tx\` cannot write.`,
    {
      path: 'tx',
      cause,
      advice:
        'Begin the transaction with BEGIN IMMEDIATE, so that it waits for the lock before anything is read.',
    },
  );
}
