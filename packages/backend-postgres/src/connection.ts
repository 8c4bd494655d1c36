import { InputError } from '@posthorn/core';
import { Client, type Pool, type PoolConfig } from 'pg';
import { configOf } from './pool.ts';

/** Connections that may wait for Postgres at once. */
const CONNECTIONS = 10;
const MAX_CONNECTIONS = 10_000;
/** Where nothing was said, nobody waits for ever for a server that does not answer. */
const CONNECT_MS = 30_000;

/**
 * How our own pool connects, from what `postgres()` was given: a URL, or the host's pool, of which only this is taken. A
 * host whose every connection has a transaction open would otherwise wait for us, and we for it.
 *
 * @throws InputError `invalid_input` for anything else.
 */
export function checkedConnection(where: unknown, connections: unknown = CONNECTIONS): PoolConfig {
  const given =
    typeof where === 'string' ? { connectionString: checkedUrl(where) } : configOf(checkedPool(where));
  const { min: _, ...config } = given as PoolConfig;
  return {
    connectionTimeoutMillis: CONNECT_MS,
    application_name: 'posthorn',
    ...config,
    max: checkedCount(connections),
    keepAlive: true,
    // Only what is under way keeps the process.
    allowExitOnIdle: true,
  };
}

/** The same for all that connect to the same database; the user does not matter. */
export function locationOf(config: PoolConfig, schema: string): string {
  // Knows the variables of the environment and all defaults, and connects to nothing.
  const { host, port, database } = new Client(config);
  return `postgres://${host}:${port}/${database}#${schema}`;
}

/** A name that needs no quotes, and leaves room for `_jobs` after it. */
export function checkedSchema(schema: unknown): string {
  if (typeof schema === 'string' && /^(?!pg_)[a-z_][a-z0-9_]{0,39}$/.test(schema)) return schema;
  throw wrong(
    'The schema given to postgres() is not a name.',
    'schema',
    'Use at most 40 small letters, digits and underscores, such as `posthorn`; `pg_…` belongs to Postgres.',
  );
}

function checkedUrl(url: string): string {
  if (url.trim() === '') {
    throw wrong(
      'postgres() was given an empty URL.',
      'backend',
      `Is the variable of the environment set? ${EXAMPLE}`,
    );
  }
  const [, scheme] = /^([a-z][a-z0-9+.-]*):\/\//i.exec(url) ?? [];
  const isPath = url.startsWith('/') || url.startsWith('socket:');
  if (!isPath && scheme !== 'postgres' && scheme !== 'postgresql') {
    const what = scheme === undefined ? 'text that is no URL' : `a URL of something else (${scheme})`;
    throw wrong(`postgres() was given ${what}.`, 'backend', EXAMPLE);
  }
  try {
    new Client({ connectionString: url });
  } catch (cause) {
    throw wrong(
      'postgres() was given a URL that cannot be read.',
      'backend',
      `Signs such as @, / and # in the password are written %40, %2F and %23. ${EXAMPLE}`,
      cause,
    );
  }
  return url;
}

const EXAMPLE = "Give it as postgres('postgres://user:password@host:5432/database'), or give a Pool of `pg`.";

function checkedPool(where: unknown): Pool {
  const isObject = typeof where === 'object' && where !== null;
  if (isObject && 'totalCount' in where && 'options' in where) {
    const pool = where as Pool;
    if (!pool.ended && !pool.ending) return pool;
    throw wrong('The pool given to postgres() has been ended.', 'backend', 'Give it while it is open.');
  }
  const isClient = isObject && 'getTypeParser' in where;
  throw wrong(
    isClient
      ? 'postgres() was given a client: one connection, which others use too.'
      : 'postgres() was given neither a URL nor a pool.',
    'backend',
    isClient ? 'Give the Pool that it comes from, or a URL.' : EXAMPLE,
  );
}

function checkedCount(connections: unknown): number {
  if (Number.isInteger(connections) && Number(connections) > 0 && Number(connections) <= MAX_CONNECTIONS) {
    return Number(connections);
  }
  throw wrong(
    '`connections` of postgres() is not a whole number from 1 on.',
    'connections',
    'Leave it out for 10.',
  );
}

function wrong(message: string, path: string, advice: string, cause?: unknown): InputError {
  return new InputError('invalid_input', message, { path, advice, cause });
}
