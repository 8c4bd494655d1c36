import { randomUUID } from 'node:crypto';
import { PGlite, types } from '@electric-sql/pglite';
import { type Backend, type BackendRuntime, ConfigurationError, type OpenedBackend } from '@posthorn/core';
import type { BackendPlace } from '@posthorn/testing';
import { type Compiler, createCompiler } from './compile.ts';
import { createSqlStore } from './create-store.ts';
import { type ExecuteOptions, executeProgram } from './execute-program.ts';
import {
  claimJobs,
  countJobs,
  dropJob,
  extendLeases,
  finishJob,
  giveJobBack,
  hasClaimableJob,
  isTaken,
  type PushJobs,
  pushJobs,
} from './jobs/index.ts';
import { migrate } from './migrate.ts';
import { postgresDialect } from './postgres-dialect.ts';
import type { Program } from './program.ts';
import type { Runner } from './runner.ts';
import { createWorkers, type JobTable, roomOf } from './work/index.ts';

// Postgres itself, in this process: no server, no network, and one connection. What several do to each other is tested
// where there is a server.

export function openDatabase(): Promise<PGlite> {
  return PGlite.create({ parsers: { [types.INT8]: Number } });
}

export interface PgliteOptions extends ExecuteOptions {
  /** Told of every statement. */
  readonly onSql?: (text: string) => void;
}

/** Each in a transaction of its own, which no other statement comes between. */
export function pgliteRunner(
  database: PGlite,
  compiler: Compiler,
  { onSql, ...options }: PgliteOptions = {},
): Runner {
  function run<R>(program: () => Program<R>): Promise<R> {
    return database.transaction((tx) => {
      const connection = {
        executeSql(text: string, values: readonly unknown[]) {
          onSql?.(text);
          return tx.query<object>(text, [...values]);
        },
      };
      return executeProgram(program(), connection, compiler, options);
    });
  }
  return { read: run, write: run, writeRelaxed: run };
}

/** The store on a schema of its own, with the embedded queue, which needs nothing but a database. */
export function pglitePlace(database: PGlite, schema: string, options: PgliteOptions = {}): BackendPlace {
  const backend: Backend = {
    key: 'pglite',
    location: null,
    supports: { multiProcess: false, notify: false, hostTransaction: false },
    open: (runtime) => openBackend(database, schema, runtime, options),
  };
  return {
    backend,
    async remove() {
      await database.exec(`drop schema if exists "${schema.replaceAll('"', '""')}" cascade`);
    },
  };
}

async function openBackend(
  database: PGlite,
  schema: string,
  runtime: BackendRuntime,
  options: PgliteOptions,
): Promise<OpenedBackend> {
  const compiler = createCompiler(postgresDialect(schema));
  let isClosed = false;
  const runner = untilClosed(pgliteRunner(database, compiler, options), () => isClosed);
  await runner.write(() => migrate(compiler.dialect, runtime.clock.now()));
  const workers = createWorkers(jobTable(runner, runtime));
  const push: PushJobs = function* (jobs) {
    yield* pushJobs(jobs);
    if (jobs.length > 0) workers.wake();
  };
  return {
    store: createSqlStore(runner, { push, isTaken, drop: dropJob }),
    queue: { ...workers, size: () => runner.read(() => countJobs()) },
    afterCommit: () => Promise.reject(new Error('There is no host.')),
    async close() {
      await workers.stopAll();
      isClosed = true;
    },
  };
}

function untilClosed({ write }: Runner, isClosed: () => boolean): Runner {
  async function run<R>(program: () => Program<R>): Promise<R> {
    if (isClosed()) throw new ConfigurationError('closed', 'This backend is closed.');
    return write(program);
  }
  return { read: run, write: run, writeRelaxed: run };
}

function jobTable({ read, write }: Runner, { clock, log }: BackendRuntime): JobTable {
  return {
    clock,
    log,
    async claim(held, options) {
      const room = roomOf(held, options);
      const question = { ...room, now: clock.now(), limit: room.free, owner: 'this', isGone: () => false };
      if (room.free <= 0 || !(await read(() => hasClaimableJob(question)))) return [];
      const leaseUntil = clock.now() + options.leaseMs;
      return write(() => claimJobs({ ...question, leaseUntil, newToken: randomUUID }));
    },
    extend: (tokens, leaseMs) => write(() => extendLeases(tokens, clock.now() + leaseMs)),
    finish: ({ job, token }) => write(() => finishJob(job.id, token)),
    giveBack: ({ job, token, failures }, delayMs) =>
      write(() =>
        giveJobBack(job.id, token, Math.round(clock.now() + delayMs), failures + Math.sign(delayMs)),
      ),
  };
}
