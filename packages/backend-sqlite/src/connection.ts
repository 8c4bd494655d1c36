import type { DatabaseSync } from 'node:sqlite';
import type { Compiler, Program } from '@posthorn/store-sql';
import { createExecutor } from './executor.ts';
import { type HostDatabase, isInTransaction, libraryOf } from './host-database.ts';

/** How much of a power cut a commit survives. The WAL is synced in order, so a `full` one saves all before it. */
export type Durability = 'full' | 'normal';

/** A handle that we opened, and close. */
export interface OwnDatabase extends HostDatabase {
  close(): unknown;
}

/** A connection of our own: programs run in its transactions, one at a time, as each is synchronous. */
export interface Connection {
  readonly database: OwnDatabase;
  /** Outside of a transaction: a program of one reading statement. */
  read<R>(program: Program<R>): R;
  write<R>(program: Program<R>, durability: Durability): R;
  close(): void;
}

export async function openDatabase(file: string): Promise<DatabaseSync> {
  // Loaded on first use: some Node versions warn that it is experimental as soon as it is imported.
  const { DatabaseSync } = await import('node:sqlite');
  return new DatabaseSync(file, { timeout: 0 });
}

/**
 * Opens a file beside the host's handle, by the same library: two copies of SQLite in one process do not see each
 * other's locks, and each writes over what the other commits (sqlite.org/howtocorrupt.html, section 2.2.1).
 */
export async function openBeside(host: HostDatabase, file: string): Promise<OwnDatabase> {
  const Library = libraryOf(host);
  return Library === null ? openDatabase(file) : new Library(file, { timeout: 0 });
}

export function createConnection(database: OwnDatabase, compiler: Compiler): Connection {
  const { execute } = createExecutor(database, compiler);
  let synchronous: Durability | undefined;

  return {
    database,
    read: execute,
    write(program, durability) {
      if (synchronous !== durability) database.exec(`pragma synchronous = ${durability}`);
      synchronous = durability;
      return transact(database, () => execute(program));
    },
    close: () => database.close(),
  };
}

function transact<R>(database: OwnDatabase, run: () => R): R {
  database.exec('begin immediate');
  try {
    const result = run();
    database.exec('commit');
    return result;
  } catch (error) {
    // SQLite has rolled back by itself where the disk is full.
    if (isInTransaction(database)) database.exec('rollback');
    throw error;
  }
}

/** Turns the write-ahead log on, if it is not: then readers and the writer do not wait for each other. */
export function useWriteAheadLog(database: OwnDatabase): void {
  const [mode] = database.prepare('pragma journal_mode').all();
  if ((mode as { journal_mode?: unknown } | undefined)?.journal_mode !== 'wal')
    database.exec('pragma journal_mode = wal');
}
