import { ConfigurationError } from '@posthorn/core';
import type { SqlConnection } from '@posthorn/store-sql';
import { types as defaults, type Pool, type PoolClient, type PoolConfig, type QueryConfig } from 'pg';
import type { Db } from 'pg-boss';

/** How a pool connects. Its password is kept from whoever would print it. */
export function configOf({ options }: Pool): PoolConfig {
  return { ...options, password: options.password };
}

/** A client of the pool as a program sees it. */
export function connectionOn(client: PoolClient, afterCommit: (then: () => void) => void): SqlConnection {
  return {
    executeSql: (text, values) => client.query({ text, values: [...values], types } as QueryConfig),
    afterCommit,
  };
}

/** The pool as pg-boss takes it, for its own upkeep. */
export function databaseOn(pool: Pool): Db {
  return {
    executeSql: (text, values) => pool.query(text, values),
    // For the clock of tests, whose pool has sessions that know of it already.
    setSessionStatements: async () => undefined,
  };
}

const BIGINT = 20;

/** Every integer of ours is one that JavaScript can hold. All else is read as pg reads it. */
const types = {
  getTypeParser(oid: number, format?: 'text' | 'binary') {
    return oid === BIGINT ? Number : defaults.getTypeParser(oid, format as 'text');
  },
};

export function closedError(): ConfigurationError {
  return new ConfigurationError('closed', 'This Posthorn is closed.', {
    advice: 'Create another one, or close it later.',
  });
}
