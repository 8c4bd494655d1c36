import { resolve } from 'node:path';
import { ConfigurationError, InputError } from '@posthorn/core';
import type { Param } from '@posthorn/store-sql';

/**
 * A SQLite handle: `DatabaseSync` of `node:sqlite`, or a `Database` of `better-sqlite3`. Only what both have in common,
 * and the names under which each says where it is and whether a transaction is open.
 */
export interface HostDatabase {
  exec(sql: string): unknown;
  prepare(sql: string): HostStatement;
  /** node:sqlite */
  location?(): string | null;
  readonly isTransaction?: boolean;
  /** better-sqlite3 */
  readonly name?: string;
  readonly inTransaction?: boolean;
}

/** A prepared statement, as both kinds of handle have it. */
export interface HostStatement {
  all(...params: Param[]): unknown[];
  run(...params: Param[]): unknown;
  columns(): readonly { readonly name: string }[];
  /** node:sqlite */
  setReadBigInts?(enabled: boolean): unknown;
  setReturnArrays?(enabled: boolean): unknown;
  /** better-sqlite3 */
  safeIntegers?(enabled: boolean): unknown;
  raw?(enabled: boolean): unknown;
}

/** What a caller without types may have passed: `sqlite(process.env.DATABASE)` where that is not set, say. */
export function checkedDatabase(database: unknown): HostDatabase {
  if (typeof database === 'object' && database !== null && 'prepare' in database && !isClosed(database)) {
    return database as HostDatabase;
  }
  throw new InputError('invalid_input', 'sqlite() was given neither a path nor an open database.', {
    path: 'backend',
    advice: "Name a file, such as sqlite('messages.db'), or lend a handle: sqlite({ database }).",
  });
}

/** node:sqlite and better-sqlite3, each in its own words. */
function isClosed(database: object): boolean {
  return ('isOpen' in database && !database.isOpen) || ('open' in database && !database.open);
}

/** A handle that has been closed has none; node:sqlite throws where better-sqlite3 says so. */
export function isInTransaction(database: HostDatabase): boolean {
  try {
    return database.isTransaction ?? database.inTransaction ?? false;
  } catch {
    return false;
  }
}

/** The file behind a handle. */
export function fileOf(database: HostDatabase): string {
  const file = database.location?.() ?? database.name ?? null;
  if (file === null || file === '' || file === ':memory:') {
    throw new InputError('invalid_input', 'The database given to sqlite({ database }) is in memory.', {
      path: 'database',
      advice: 'Posthorn works beside the host on a connection of its own, so give it a database in a file.',
    });
  }
  return resolve(file);
}

/** Opens a file as the handle's own library does: `new Database(file, { timeout })`. */
type Library = new (
  file: string,
  options: { readonly timeout: number },
) => HostDatabase & { close(): unknown };

/** The class of a handle that is not node:sqlite's; null for one that is. */
export function libraryOf(database: HostDatabase): Library | null {
  if (typeof database.location === 'function') return null;
  const Library = database.constructor;
  if (Library !== Object) return Library as Library;
  throw new InputError('invalid_input', 'The database given to sqlite({ database }) is no handle itself.', {
    path: 'database',
    advice: 'Give the handle that node:sqlite or better-sqlite3 opened, not an object around it.',
  });
}

/** `tx`, if it is the host's handle. */
export function checkedHandle(tx: unknown, host: HostDatabase | null): HostDatabase {
  if (host === null) {
    throw new ConfigurationError(
      'tx_unsupported',
      'This backend has a database of its own, so `tx` cannot be used.',
      {
        path: 'tx',
        advice: 'Open it as sqlite({ database }) with the handle that the transaction is on.',
      },
    );
  }
  if (tx !== host) {
    throw new ConfigurationError(
      'tx_unsupported',
      '`tx` is not the handle that sqlite({ database }) was given.',
      {
        path: 'tx',
        advice: 'Pass that handle itself while its transaction is open.',
      },
    );
  }
  return host;
}

/** The same, with an open transaction on it. */
export function checkedTransaction(tx: unknown, host: HostDatabase | null): HostDatabase {
  const handle = checkedHandle(tx, host);
  if (isInTransaction(handle)) return handle;
  throw new ConfigurationError('tx_not_open', 'There is no open transaction on `tx`.', {
    path: 'tx',
    advice: 'Begin it before the call, or leave `tx` out.',
  });
}
