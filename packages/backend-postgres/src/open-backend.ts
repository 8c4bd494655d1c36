import type { BackendRuntime, OpenedBackend } from '@posthorn/core';
import { createCompiler, createSqlStore, hasMessage, keepAlive, postgresDialect } from '@posthorn/store-sql';
import type { Pool } from 'pg';
import type { Clock as BossClock } from 'pg-boss';
import { openDoorbell } from './doorbell.ts';
import { createHostTransactions } from './host-transactions.ts';
import { configOf, databaseOn } from './pool.ts';
import { storeError } from './postgres-error.ts';
import { createQueue } from './queue.ts';
import { bringUpToDate, createRunner, type PostgresRunner } from './runner.ts';
import { startBoss } from './start-boss.ts';
import { transactionOver } from './transaction-over.ts';

export interface Place {
  readonly pool: Pool;
  readonly schema: string;
  /** Ends the pool where it is ours. */
  close(): Promise<void>;
}

export async function openBackend(
  { pool, schema, close }: Place,
  { clock, log }: BackendRuntime,
  bossClock?: BossClock,
): Promise<OpenedBackend> {
  const compiler = createCompiler(postgresDialect(schema));
  const hosts = createHostTransactions({ compiler, overOf: (id) => transactionOver(runner, clock, id) });
  const runner: PostgresRunner = createRunner({ pool, hosts, compiler });
  const jobs = `${schema}_jobs`;
  const boss = await bringUpToDate(runner, compiler, clock.now())
    .then(() =>
      startBoss({ database: databaseOn(pool), schema: jobs, log, ...(bossClock && { clock: bossClock }) }),
    )
    .catch(async (error: unknown) => {
      await close();
      throw storeError(error);
    });
  const doorbell = openDoorbell({
    connection: configOf(pool),
    channel: jobs,
    notify: (channel, payloads) =>
      pool.query('select pg_notify($1, payload) from unnest($2::text[]) payload', [channel, payloads]),
    clock,
    log,
  });
  const queue = createQueue(boss, runner, doorbell, { clock, log });
  let closed: Promise<void> | undefined;
  return {
    store: createSqlStore(runner, queue.programs),
    queue,
    bulletin: doorbell,
    async now() {
      const { rows } = await pool.query('select extract(epoch from clock_timestamp()) * 1000 as now');
      return Number(rows[0].now);
    },
    async afterCommit(tx, tenant, [messageId]) {
      await hosts.ended(tx);
      if (messageId === undefined) return true;
      return !runner.isClosed && runner.read(() => hasMessage(tenant, messageId));
    },
    close() {
      closed ??= (async () => {
        // The listener's connection keeps no process alive, not even for its own farewell.
        const letGo = keepAlive();
        try {
          await queue.stopAll();
          await doorbell.close();
          await boss.stop();
          await runner.close();
          await close();
        } finally {
          letGo();
        }
      })();
      return closed;
    },
  };
}
