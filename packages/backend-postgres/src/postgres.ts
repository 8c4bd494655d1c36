import type { Backend } from '@posthorn/core';
import { Pool } from 'pg';
import { checkedConnection, checkedSchema, locationOf } from './connection.ts';
import { openBackend } from './open-backend.ts';

/**
 * Keeps state and work in the host's own Postgres (13 or newer), beside its tables, for any number of processes.
 *
 * - `postgres('postgres://user:password@host/database')`
 * - `postgres(pool)`: on the database of the host's `Pool` of `pg`, reached as that pool reaches it.
 *
 * Either way it works on connections of its own, which open on first use. `tx` may be a client of `pg` with a transaction
 * open on it, or a transaction of Prisma, Drizzle, Knex or Kysely: the booking and its confirmation commit together.
 *
 * @throws InputError `invalid_input` for no URL or that of another database, a client in the place of a pool, a pool that
 * has been ended, or options that cannot be.
 * @example
 * ```ts
 * import { postgres } from '@posthorn/backend-postgres';
 *
 * export const backend = postgres('postgres://app:secret@db.internal/shop');
 * ```
 */
export function postgres(where: string | Pool, options: PostgresOptions = {}): Backend {
  const schema = checkedSchema(options.schema ?? 'posthorn');
  const connection = checkedConnection(where, options.connections);
  return {
    key: 'postgres',
    location: locationOf(connection, schema),
    supports: { multiProcess: true, notify: true, hostTransaction: true },
    open(runtime) {
      const pool = new Pool(connection);
      // Of connections that nobody uses: the next one who wants one gets another.
      pool.on('error', (error) =>
        runtime.log.debug('An idle connection was lost.', { error: String(error) }),
      );
      return openBackend({ pool, schema, close: () => pool.end() }, runtime);
    },
  };
}

/** All may be left out. */
export interface PostgresOptions {
  /**
   * Where Posthorn's tables lie; what waits lies in another, `<schema>_jobs`. `posthorn` where nothing is said. Both are
   * made on first use. Small letters, digits and underscores, at most 40.
   */
  readonly schema?: string;
  /** The most connections of its own, 10 where nothing is said; one more listens. */
  readonly connections?: number;
}
