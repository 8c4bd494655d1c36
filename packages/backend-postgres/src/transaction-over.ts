import type { Clock } from '@posthorn/core';
import { call, type SqlConnection } from '@posthorn/store-sql';
import type { PostgresRunner } from './runner.ts';

const MAX_PAUSE_MS = 100;
/** A transaction that is open this long is not waited for: the worker finds its messages by polling. */
const MAX_WAIT_MS = 60_000;

/**
 * Resolves when a transaction is over whose library tells nobody: Postgres is asked, at once and then ever more rarely.
 *
 * @param id - what `pg_current_xact_id()` answered in it.
 */
export async function transactionOver(runner: PostgresRunner, clock: Clock, id: string): Promise<void> {
  const deadline = clock.now() + MAX_WAIT_MS;
  for (let pauseMs = 1; !runner.isClosed; pauseMs = Math.min(pauseMs * 2, MAX_PAUSE_MS)) {
    const status = await runner.read(() => call((connection) => statusOf(connection, id)));
    if (status !== 'in progress' || clock.now() >= deadline) return;
    await clock.sleep(pauseMs);
  }
}

async function statusOf({ executeSql }: SqlConnection, id: string): Promise<unknown> {
  const { rows } = await executeSql('select pg_xact_status($1::text::xid8) as status', [id]);
  return (rows[0] as { readonly status: unknown }).status;
}
