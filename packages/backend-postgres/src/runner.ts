import { PosthornError } from '@posthorn/core';
import {
  type Compiler,
  executeProgram,
  isMigrated,
  keepAlive,
  migrate,
  type Program,
  type Runner,
} from '@posthorn/store-sql';
import type { Pool, PoolClient } from 'pg';
import type { HostTransactions } from './host-transactions.ts';
import { closedError, connectionOn } from './pool.ts';
import {
  connectError,
  DEADLOCK,
  isLost,
  openCommit,
  SERIALIZATION_FAILURE,
  sqlStateOf,
  storeError,
  UNIQUE_VIOLATION,
} from './postgres-error.ts';

export interface PostgresRunner extends Runner {
  readonly isClosed: boolean;
  close(): Promise<void>;
}

export interface RunnerOptions {
  readonly pool: Pool;
  readonly hosts: HostTransactions;
  readonly compiler: Compiler;
}

/** Whatever the database's own default is: what was locked is read as it stands then. */
const BEGIN = 'begin isolation level read committed';
const BEGIN_RELAXED = `${BEGIN}; set local synchronous_commit = off`;

/** A commit that was lost with its connection, or was none, is not among them. */
const TRIES: Readonly<Record<string, number>> = {
  [SERIALIZATION_FAILURE]: 10,
  [DEADLOCK]: 10,
  // Somebody else's row of the same moment, which the program finds as it runs again; or the caller's mistake.
  [UNIQUE_VIOLATION]: 3,
};
/** As many connections may have been lost at once, and lie in the pool. */
const TRIES_WHERE_LOST = 20;

/** Runs programs: each on a client of the pool, or on the host's transaction. */
export function createRunner({ pool, hosts, compiler }: RunnerOptions): PostgresRunner {
  const running = new Set<Promise<unknown>>();
  let isClosed = false;

  async function onClient<R>(work: (client: PoolClient) => Promise<R>): Promise<R> {
    const client = await pool.connect().catch((error: unknown) => {
      throw connectError(error);
    });
    // Between two statements nobody else hears of a connection that is lost; the next statement does.
    client.on('error', ignore);
    let isUsable = true;
    try {
      return await work(client);
    } catch (error) {
      isUsable = !isLost(error);
      throw error;
    } finally {
      client.off('error', ignore);
      client.release(!isUsable);
    }
  }

  /** Runs it again where that is certain to do nothing twice. */
  async function repeated<R>(attempt: () => Promise<R>): Promise<R> {
    for (let tries = 1; ; tries += 1) {
      if (isClosed) throw closedError();
      try {
        return await attempt();
      } catch (error) {
        if (tries >= mostTries(error)) throw storeError(error);
      }
    }
  }

  async function counted<R>(work: Promise<R>): Promise<R> {
    const letGo = keepAlive();
    running.add(work);
    try {
      return await work;
    } finally {
      running.delete(work);
      letGo();
    }
  }

  const own = <R>(work: (client: PoolClient) => Promise<R>) => counted(repeated(() => onClient(work)));
  const write = <R>(begin: string, program: () => Program<R>) =>
    own((client) => inTransaction(client, begin, program(), compiler));

  async function onHost<R>(work: () => Promise<R>): Promise<R> {
    if (isClosed) throw closedError();
    return counted(work());
  }

  return {
    get isClosed() {
      return isClosed;
    },
    read: (program, tx) =>
      tx === undefined
        ? own((client) => executeProgram(program(), connectionOn(client, run), compiler))
        : onHost(() => hosts.read(tx, program)),
    write: (program, tx) =>
      tx === undefined ? write(BEGIN, program) : onHost(() => hosts.write(tx, program)),
    writeRelaxed: (program) => write(BEGIN_RELAXED, program),
    async close() {
      isClosed = true;
      hosts.close();
      await Promise.allSettled(running);
    },
  };
}

/** Brings the tables up to date. Looked at first, as most processes find them so. */
export async function bringUpToDate(
  { read, write }: Runner,
  { dialect }: Compiler,
  now: number,
): Promise<void> {
  if (!(await read(() => isMigrated()))) await write(() => migrate(dialect, now));
}

async function inTransaction<R>(
  client: PoolClient,
  begin: string,
  program: Program<R>,
  compiler: Compiler,
): Promise<R> {
  const afterwards: (() => void)[] = [];
  await client.query(begin);
  let result: R;
  try {
    result = await executeProgram(
      program,
      connectionOn(client, (then) => afterwards.push(then)),
      compiler,
    );
  } catch (error) {
    await client.query('rollback').catch(ignore);
    throw error;
  }
  await commit(client);
  for (const then of afterwards) then();
  return result;
}

async function commit(client: PoolClient): Promise<void> {
  const { command } = await client.query('commit').catch((error: unknown) => {
    throw isLost(error) ? openCommit(error) : error;
  });
  // What Postgres answers where a statement had failed before, and somebody kept it to himself.
  if (command !== 'COMMIT')
    throw Object.assign(new Error('Nothing was committed'), { code: SERIALIZATION_FAILURE });
}

function mostTries(error: unknown): number {
  if (error instanceof PosthornError) return 1;
  return TRIES[sqlStateOf(error) ?? ''] ?? (isLost(error) ? TRIES_WHERE_LOST : 1);
}

function run(then: () => void): void {
  then();
}

function ignore(): void {}
