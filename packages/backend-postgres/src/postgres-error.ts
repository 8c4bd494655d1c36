import { PosthornError, type PosthornErrorCode, StoreError } from '@posthorn/core';

export const SERIALIZATION_FAILURE = '40001';
export const DEADLOCK = '40P01';
export const UNIQUE_VIOLATION = '23505';

interface Problem {
  readonly code: PosthornErrorCode;
  readonly message: string;
  readonly advice: string;
}

const LOST: Problem = {
  code: 'store_unreachable',
  message: 'The connection to Postgres was lost',
  advice: 'What was under way has not been done; the call may be tried again.',
};
const UNREACHABLE: Problem = {
  code: 'store_unreachable',
  message: 'Postgres cannot be reached',
  advice: 'Check that it runs, and the host and the port that postgres() was given.',
};
const REFUSED: Problem = {
  code: 'store_unreachable',
  message: 'Postgres does not let this user in',
  advice: 'Check the user and the password that postgres() was given, and pg_hba.conf on the server.',
};
const STOPPING: Problem = {
  code: 'store_unreachable',
  message: 'Postgres is being stopped or started',
  advice: 'What was under way has not been done; the call may be tried again.',
};
const CROWDED: Problem = {
  code: 'store_busy',
  message: 'Others changed the same at the same time',
  advice: 'The call may be tried again.',
};
const STALLED: Problem = {
  code: 'store_busy',
  message: 'Postgres gave up on a statement that took too long',
  advice: 'Look for long transactions that hold locks, and at statement_timeout and lock_timeout.',
};
const FORBIDDEN: Problem = {
  code: 'store_readonly',
  message: 'The user of the database may not do this',
  advice:
    'Let it create schemas (`grant create on database … to …`), or create both schemas, <schema> and <schema>_jobs, and ' +
    'give them to it (`create schema … authorization …`).',
};
const GONE: Problem = {
  code: 'store_failed',
  message: 'What Posthorn keeps in Postgres is not as it made it',
  advice: 'Restore the schema from a backup: nobody else may change the tables in it.',
};

/** https://www.postgresql.org/docs/current/errcodes-appendix.html: whole codes, or the class that a code begins with. */
const BY_STATE: Readonly<Record<string, Problem>> = {
  '08': LOST,
  '25006': {
    code: 'store_readonly',
    message: 'This Postgres takes no changes',
    advice: 'It is a standby, or made read-only; give postgres() the address of the primary.',
  },
  '25P03': LOST,
  '28': REFUSED,
  '3D000': {
    code: 'store_unreachable',
    message: 'There is no such database',
    advice: 'Create it (`createdb`), or check the name at the end of the URL that postgres() was given.',
  },
  '3F000': GONE,
  '40001': CROWDED,
  '40P01': CROWDED,
  '42501': FORBIDDEN,
  '42P01': GONE,
  '42703': GONE,
  '53100': {
    code: 'store_full',
    message: 'Postgres cannot grow: its disk is full',
    advice: 'Make room on its server and try again.',
  },
  '53300': {
    code: 'store_busy',
    message: 'Postgres has no connection left',
    advice:
      'Lower `connections` of postgres() and the pools of the host, raise max_connections, or put a pooler between.',
  },
  '55P03': STALLED,
  '57014': STALLED,
  '57P': STOPPING,
  '58': {
    code: 'store_failed',
    message: 'Postgres could not read or write its files',
    advice: 'Look at its disk and its log, then try again.',
  },
  XX001: {
    code: 'store_corrupt',
    message: 'The database is damaged',
    advice: 'Look at the log of Postgres; restore the database from a backup.',
  },
};

/** What the operating system and `pg` say where Postgres says nothing. */
const SYSTEM = /^E(?:CONN|HOST|NET|PIPE|TIMEDOUT|AI_|NOTFOUND|ADDR)/;
const UNRESOLVED = /^(?:ENOTFOUND|EAI_)/;
const LOST_TEXT =
  /^(?:Connection terminated|Client has encountered a connection error|Client was closed|Query read timeout)/;

/** The code that Postgres gave the error, however a library has wrapped it. */
export function sqlStateOf(error: unknown): string | undefined {
  for (let it = error; isObject(it); it = it.cause) {
    const { driverAdapterError, code: raw } = isObject(it.meta) ? it.meta : {};
    // Prisma's, with its own engine and with an adapter.
    const adapted = isObject(driverAdapterError) ? driverAdapterError.cause : undefined;
    for (const code of [it.code, raw, isObject(adapted) ? adapted.originalCode : undefined]) {
      if (typeof code === 'string' && isSqlState(code)) return code;
    }
  }
  return undefined;
}

/** Neither `EPIPE` nor Prisma's `P2010` is one. */
function isSqlState(code: string): boolean {
  return code.length === 5 && /^(?:[0-5]|F0|HV|P0|XX)[0-9A-Z]+$/.test(code);
}

/** Whether the connection is gone. Postgres's own words come with it when it is told to stop. */
export function isLost(error: unknown): boolean {
  if (error instanceof StoreError) return isLost(error.cause);
  const state = sqlStateOf(error);
  if (state !== undefined) return /^(?:08|57P|25P03)/.test(state);
  return isObject(error) && (SYSTEM.test(String(error.code)) || LOST_TEXT.test(String(error.message)));
}

/** What the caller is told. An error of ours stays what it is; any other was not Postgres's and is a defect. */
export function storeError(error: unknown, path = 'backend'): Error {
  if (error instanceof PosthornError) return error;
  const state = sqlStateOf(error);
  if (state !== undefined) return told(problemOf(state), error, path);
  if (isLost(error)) return told(LOST, error, path);
  return error instanceof Error ? error : new Error(String(error));
}

/** Where there was no connection to begin with: whatever it was, Postgres is out of reach. */
export function connectError(error: unknown): Error {
  const state = sqlStateOf(error);
  if (error instanceof PosthornError || state !== undefined) return storeError(error);
  const isUnresolved = isObject(error) && UNRESOLVED.test(String(error.code));
  return told(
    isUnresolved ? { ...UNREACHABLE, message: 'The host of Postgres is not known' } : UNREACHABLE,
    error,
  );
}

/** Of a statement on the host's transaction, whose end is the host's. */
export function txError(error: unknown): Error {
  const problem = error instanceof PosthornError ? undefined : BY_TX_STATE[sqlStateOf(error) ?? ''];
  return problem === undefined ? storeError(error, 'tx') : told(problem, error, 'tx');
}

const ELSEWHERE: Problem = {
  code: 'store_failed',
  message: 'Where `tx` is, there are no tables of Posthorn',
  advice: 'Begin it on the database that postgres() was given, under the same `schema`.',
};
const COLLIDED: Problem = {
  code: 'store_busy',
  message: 'The transaction on `tx` collided with another one',
  advice: 'Roll it back and run all of it again.',
};
const BY_TX_STATE: Readonly<Record<string, Problem>> = {
  '42P01': ELSEWHERE,
  '3F000': ELSEWHERE,
  '40001': COLLIDED,
  '40P01': COLLIDED,
  '42501': {
    ...FORBIDDEN,
    advice:
      'Let the user of `tx` write to both schemas: `grant usage on schema …` and `grant all on all tables in schema …`.',
  },
};

/** The connection was lost while a commit was under way: nobody here knows which way it went. */
export function openCommit(cause: unknown): StoreError {
  return new StoreError(
    'store_unreachable',
    'The connection to Postgres was lost while a change was being committed, so it may or may not have been made.',
    {
      path: 'backend',
      cause,
      advice: 'Repeat a send with its `key`: what is there is then answered, and not sent twice.',
    },
  );
}

function problemOf(state: string): Problem {
  const found = BY_STATE[state] ?? BY_STATE[state.slice(0, 3)] ?? BY_STATE[state.slice(0, 2)];
  return (
    found ?? {
      code: 'store_failed',
      message: 'Postgres refused to do it',
      advice: 'Look at what it says; nobody else may change the tables of Posthorn.',
    }
  );
}

function told({ code, message, advice }: Problem, cause: unknown, path = 'backend'): StoreError {
  const reason = reasonOf(cause);
  return new StoreError(code, `${message}${reason === '' ? '' : ` (${reason})`}.`, { path, cause, advice });
}

/** The innermost says most. */
function reasonOf(error: unknown): string {
  let it = error;
  while (isObject(it) && isObject(it.cause)) it = it.cause;
  const [first] = isObject(it) && Array.isArray(it.errors) ? (it.errors as unknown[]) : [];
  const text = isObject(it) ? String(it.message || (isObject(first) ? first.message : '')) : String(it);
  return text.replace(/\.$/, '');
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
