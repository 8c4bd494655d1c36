import { PosthornError, type PosthornErrorCode, StoreError } from '@posthorn/core';

/** Primary result codes: https://www.sqlite.org/rescode.html */
const BY_CODE: Readonly<Record<number, Problem>> = {
  5: {
    code: 'store_busy',
    message: 'is locked by somebody else',
    advice: 'Keep transactions short; the call may be tried again.',
  },
  6: {
    code: 'store_busy',
    message: 'is locked by somebody else',
    advice: 'Keep transactions short; the call may be tried again.',
  },
  8: {
    code: 'store_readonly',
    message: 'cannot be written to',
    advice: 'Let this process write to the file and to its folder, where SQLite keeps a log beside it.',
  },
  10: {
    code: 'store_failed',
    message: 'could not be read or written: the operating system reports an error of the disk',
    advice: 'Look at the disk, its room and its limits, then try again.',
  },
  11: {
    code: 'store_corrupt',
    message: 'is damaged',
    advice: 'Restore it from a backup, or recover what is left with the `.recover` command of sqlite3.',
  },
  13: { code: 'store_full', message: 'cannot grow: the disk is full', advice: 'Make room and try again.' },
  14: {
    code: 'store_unreachable',
    message: 'cannot be opened',
    advice: 'Check that its folder exists and that this process may read and write there.',
  },
  26: {
    code: 'store_corrupt',
    message: 'is not a SQLite database',
    advice: 'Check the path; restore the file from a backup if it was one.',
  },
};

interface Problem {
  readonly code: PosthornErrorCode;
  readonly message: string;
  readonly advice: string;
}

/** The names that better-sqlite3 gives instead of numbers. */
const BY_NAME: Readonly<Record<string, number>> = {
  SQLITE_BUSY: 5,
  SQLITE_LOCKED: 6,
  SQLITE_READONLY: 8,
  SQLITE_IOERR: 10,
  SQLITE_CORRUPT: 11,
  SQLITE_FULL: 13,
  SQLITE_CANTOPEN: 14,
  SQLITE_NOTADB: 26,
};

export function isBusy(error: unknown): boolean {
  const code = primaryCode(error);
  return code === 5 || code === 6;
}

/** What the caller is told. An error of ours stays what it is; any other was not SQLite's and is a defect. */
export function storeError(error: unknown, file: string): Error {
  if (error instanceof PosthornError) return error;
  const code = primaryCode(error);
  if (code === undefined) return error instanceof Error ? error : new Error(String(error));
  const problem = BY_CODE[code];
  const reason = error instanceof Error ? error.message : String(error);
  if (problem === undefined) {
    return new StoreError('store_failed', `SQLite refused to work on ${file}: ${reason}.`, {
      path: file,
      advice: 'Look at what it says of the tables named `posthorn_…`: nobody else may change them.',
      cause: error,
    });
  }
  return new StoreError(problem.code, `The database ${file} ${problem.message}.`, {
    path: file,
    advice: problem.advice,
    cause: error,
  });
}

function primaryCode(error: unknown): number | undefined {
  if (typeof error !== 'object' || error === null) return undefined;
  if ('errcode' in error && typeof error.errcode === 'number') return error.errcode & 0xff;
  if (!('code' in error) || typeof error.code !== 'string') return undefined;
  const [name] = /^SQLITE_[A-Z]+/.exec(error.code) ?? [];
  return name === undefined ? undefined : (BY_NAME[name] ?? 1);
}
