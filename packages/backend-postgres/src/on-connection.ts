import { call, type Program, type SqlConnection } from '@posthorn/store-sql';
import type { Db } from 'pg-boss';

/** A program's connection as pg-boss takes it. */
export interface BossConnection extends Db {
  /** Never called where the transaction is the host's. */
  afterCommit(then: () => void): void;
}

/** A part of a program that pg-boss does, on the program's connection and so in its transaction. */
export function* onConnection<R>(work: (db: BossConnection) => Promise<R>): Program<R> {
  return yield* call((connection) => work(bossConnection(connection)));
}

function bossConnection(connection: SqlConnection): BossConnection {
  return {
    async executeSql(text, values = []) {
      const { rows } = await connection.executeSql(text, values);
      return { rows: [...rows] };
    },
    afterCommit: (then) => connection.afterCommit?.(then),
  };
}
