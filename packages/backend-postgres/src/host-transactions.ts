import { ConfigurationError } from '@posthorn/core';
import { type Compiler, executeProgram, type Program } from '@posthorn/store-sql';
import { ended, type HostHandle, hostHandle } from './host-handle.ts';
import { DEADLOCK, sqlStateOf, txError } from './postgres-error.ts';

/** Runs programs inside a transaction that the host has open, and knows when that is over. */
export interface HostTransactions {
  read<R>(tx: unknown, program: () => Program<R>): Promise<R>;
  /** All or nothing, even where the host catches the error and commits. */
  write<R>(tx: unknown, program: () => Program<R>): Promise<R>;
  /** Resolves when the transaction is over, or nobody waits for it any more. */
  ended(tx: unknown): Promise<void>;
  close(): void;
}

export interface HostOptions {
  readonly compiler: Compiler;
  /** Resolves when the transaction with this number is over, whose library tells nobody. */
  overOf(id: string): Promise<void>;
}

/** A deadlock is broken by giving up what was locked here; one that comes again involves what the host has locked. */
const MAX_TRIES = 3;
const NO_TRANSACTION = '25P01';
const FAILED_TRANSACTION = '25P02';

export function createHostTransactions({ compiler, overOf }: HostOptions): HostTransactions {
  /** What runs on a connection, one after the other: savepoints that overlap would end each other. */
  const lines = new WeakMap<object, Promise<unknown>>();
  /** The numbers of transactions that have to be looked for. */
  const numbers = new WeakMap<object, string>();
  const ends = new WeakMap<object, Promise<void>>();
  const waiting = new Set<() => void>();

  function inLine<R>(key: object, work: () => Promise<R>): Promise<R> {
    const done = (lines.get(key) ?? Promise.resolve()).then(work);
    lines.set(
      key,
      done.catch(() => {}),
    );
    return done;
  }

  async function run<R>(tx: unknown, work: (handle: HostHandle) => Promise<R>): Promise<R> {
    const handle = hostHandle(tx);
    try {
      return await inLine(handle.key, () => inSavepoint(handle, () => work(handle)));
    } catch (error) {
      throw txError(error);
    }
  }

  function execute<R>({ connection }: HostHandle, program: () => Program<R>): Promise<R> {
    return executeProgram(program(), connection, compiler, { asJson: true });
  }

  return {
    read: (tx, program) => run(tx, (handle) => execute(handle, program)),
    write: (tx, program) =>
      run(tx, async (handle) => {
        const result = await execute(handle, program);
        if (handle.onEnd === null) numbers.set(handle.key, await numberOf(handle));
        return result;
      }),
    ended(tx) {
      const handle = hostHandle(tx);
      let end = ends.get(handle.key);
      if (end === undefined) {
        end = endOf(handle);
        ends.set(handle.key, end);
      }
      return end;
    },
    close() {
      for (const resolve of waiting) resolve();
    },
  };

  async function endOf({ key, onEnd }: HostHandle): Promise<void> {
    if (onEnd === null) return overOf(numbers.get(key) ?? '');
    await new Promise<void>((resolve) => {
      waiting.add(resolve);
      onEnd(() => {
        waiting.delete(resolve);
        // The next transaction on it has an end of its own.
        ends.delete(key);
        resolve();
      });
    });
  }
}

async function inSavepoint<R>({ connection }: HostHandle, work: () => Promise<R>): Promise<R> {
  const say = (sql: string) => connection.executeSql(sql, []);
  await say('savepoint posthorn').catch(refusedSavepoint);
  for (let tries = 1; ; tries += 1) {
    try {
      const result = await work();
      await say('release savepoint posthorn');
      return result;
    } catch (error) {
      // Where the connection is lost, so is the transaction, and the first error says why.
      await say('rollback to savepoint posthorn').catch(() => {});
      if (tries === MAX_TRIES || sqlStateOf(error) !== DEADLOCK) {
        await say('release savepoint posthorn').catch(() => {});
        throw error;
      }
    }
  }
}

function refusedSavepoint(error: unknown): never {
  const state = sqlStateOf(error);
  if (state === NO_TRANSACTION) throw ended(error);
  if (state !== FAILED_TRANSACTION) throw error;
  throw new ConfigurationError('tx_not_open', 'The transaction on `tx` has failed already.', {
    path: 'tx',
    advice: 'Postgres takes nothing more in it: roll it back, and look at the first error of the host’s own.',
    cause: error,
  });
}

async function numberOf({ connection }: HostHandle): Promise<string> {
  const { rows } = await connection.executeSql('select pg_current_xact_id()::text as id', []);
  return (rows[0] as { readonly id: string }).id;
}
