import { DatabaseSync } from 'node:sqlite';
import type { EnqueueBatch } from '@posthorn/core';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { HostDatabase, HostStatement } from './host-database.ts';
import { sqlite } from './index.ts';
import { messageIn, runtime, temporaryFolder } from './real-time.test-kit.ts';

function hostOn(options: ConstructorParameters<typeof DatabaseSync>[1] = {}): {
  database: DatabaseSync;
  file: string;
} {
  const folder = temporaryFolder();
  const database = new DatabaseSync(folder.file, options);
  onTestFinished(() => {
    database.close();
    folder[Symbol.dispose]();
  });
  return { database, file: folder.file };
}

async function openOn(database: HostDatabase) {
  const opened = await sqlite({ database }).open(runtime);
  onTestFinished(() => opened.close());
  return opened;
}

function batch(id: string): EnqueueBatch {
  const messages = [messageIn(null, id)];
  return { tenant: 'default', key: null, content: [], files: [], messages, jobs: [], now: Date.now() };
}

describe('the host’s own handle', () => {
  it('may be closed and opened again, and its tables altered, between two transactions', async () => {
    const { database } = hostOn();
    const { store } = await openOn(database);
    const sendIn = async (id: string) => {
      database.exec('begin');
      await store.messages.enqueue(batch(id), database);
      database.exec('commit');
    };
    await sendIn('message-1');
    database.exec('alter table posthorn_messages add column note text');
    await sendIn('message-2');
    database.close();
    database.open();
    await sendIn('message-3');
    expect(await store.messages.list('default', {}, { limit: 5 })).toHaveLength(3);
  });

  it('has everything written when the call returns, before anything is awaited', async () => {
    const { database } = hostOn();
    const { store } = await openOn(database);
    database.exec('begin');
    const writing = store.messages.enqueue(batch('message-1'), database);
    database.exec('commit');
    await writing;
    expect(await store.messages.get('default', ['message-1'])).toHaveLength(1);
  });

  it('may answer BigInts or arrays to the host; ours stay numbers and rows', async () => {
    const { database } = hostOn({ readBigInts: true, returnArrays: true });
    const { store } = await openOn(database);
    database.exec('begin');
    await store.messages.enqueue(batch('message-1'), database);
    const [found] = await store.messages.get('default', ['message-1'], database);
    expect(found?.delivery.attempt).toBe(0);
    database.exec('commit');
  });

  it('may be one of better-sqlite3, which says less and is stricter', async () => {
    const { file } = hostOn();
    const host = new LikeBetterSqlite3(file);
    onTestFinished(() => host.close());
    const { store } = await openOn(host);
    host.exec('begin');
    await store.messages.enqueue(batch('message-1'), host);
    expect(await store.messages.get('default', ['message-1'], host)).toHaveLength(1);
    host.exec('commit');
    expect(await store.messages.get('default', ['message-1'])).toHaveLength(1);
  });

  it('is joined by a connection of the same library: two copies of SQLite do not see each other’s locks', async () => {
    const { file } = hostOn();
    const host = new LikeBetterSqlite3(file);
    onTestFinished(() => host.close());
    await openOn(host);
    expect(LikeBetterSqlite3.opened.filter((opened) => opened === file)).toHaveLength(2);
  });

  it('is asked for itself where an object around it is given, as that cannot be joined', async () => {
    const { database, file } = hostOn();
    const around: HostDatabase = {
      name: file,
      exec: (sql) => database.exec(sql),
      prepare: (sql) => database.prepare(sql),
    };
    await expect(sqlite({ database: around }).open(runtime)).rejects.toMatchObject({
      code: 'invalid_input',
      path: 'database',
    });
  });

  it('keeps what the host wrote in the same transaction when a send fails in it', async () => {
    const { database } = hostOn();
    const { store } = await openOn(database);
    database.exec('create table bookings (id text)');
    await store.messages.enqueue(batch('message-1'));
    database.exec("begin; insert into bookings values ('booking-1')");
    await expect(store.messages.enqueue(batch('message-1'), database)).rejects.toMatchObject({
      code: 'store_failed',
    });
    expect(database.isTransaction).toBe(true);
    database.exec('commit');
    expect(database.prepare('select id from bookings').all()).toHaveLength(1);
  });

  it('is named where a send beside its open transaction waits in vain', async () => {
    const { database, file } = hostOn();
    let now = 0;
    const clock = {
      now: () => now,
      sleep: async (ms: number) => {
        now += ms;
      },
    };
    const opened = await sqlite({ database }).open({ ...runtime, clock });
    onTestFinished(() => opened.close());
    database.exec('begin immediate');
    await expect(opened.store.messages.enqueue(batch('message-1'))).rejects.toMatchObject({
      code: 'store_busy',
      path: file,
      advice: expect.stringContaining('`tx`'),
    });
    expect(now).toBeGreaterThanOrEqual(5_000);
    expect(now).toBeLessThan(5_100);
    database.exec('rollback');
    expect(await opened.store.messages.enqueue(batch('message-1'))).toEqual({ status: 'written' });
  });

  it('is told apart from a busy database: a transaction that began to read before another wrote cannot write', async () => {
    const { database } = hostOn();
    const { store } = await openOn(database);
    database.exec('begin; select * from posthorn_messages');
    await store.messages.enqueue(batch('message-1'));
    await expect(store.messages.enqueue(batch('message-2'), database)).rejects.toMatchObject({
      code: 'store_busy',
      path: 'tx',
      advice: expect.stringContaining('BEGIN IMMEDIATE'),
    });
    database.exec('rollback');
  });

  it('is refused as `tx` by a backend on a file of its own', async () => {
    const { database, file } = hostOn();
    const opened = await sqlite(file).open(runtime);
    onTestFinished(() => opened.close());
    await expect(opened.store.messages.enqueue(batch('message-1'), database)).rejects.toMatchObject({
      name: 'ConfigurationError',
      code: 'tx_unsupported',
      path: 'tx',
    });
  });

  it('may be closed as soon as it has committed', async () => {
    const { database, file } = hostOn();
    const host = new DatabaseSync(file);
    const opened = await openOn(host);
    host.exec('begin');
    await opened.store.messages.enqueue(batch('message-1'), host);
    const committed = opened.afterCommit(host, 'default', ['message-1']);
    host.exec('commit');
    host.close();
    expect(await committed).toBe(true);
    expect(database.prepare('select count(*) as messages from posthorn_messages').get()).toMatchObject({
      messages: 1,
    });
  });

  it('answers that nothing was committed where only a savepoint was rolled back', async () => {
    const { database } = hostOn();
    const opened = await openOn(database);
    database.exec('begin; savepoint booking');
    await opened.store.messages.enqueue(batch('message-1'), database);
    database.exec('rollback to booking');
    expect(await opened.afterCommit(database, 'default', ['message-1'])).toBe(false);
    database.exec('commit');
  });
});

/** `all` only for statements that answer rows, `inTransaction` and `name` for what node:sqlite calls otherwise. */
class LikeBetterSqlite3 implements HostDatabase {
  static readonly opened: string[] = [];
  readonly name: string;
  readonly #database: DatabaseSync;

  constructor(file: string, options: { readonly timeout?: number } = {}) {
    LikeBetterSqlite3.opened.push(file);
    this.name = file;
    this.#database = new DatabaseSync(file, options);
  }
  get inTransaction(): boolean {
    return this.#database.isTransaction;
  }
  exec(sql: string): void {
    this.#database.exec(sql);
  }
  prepare(sql: string): HostStatement {
    const statement = this.#database.prepare(sql);
    const returnsData = (): void => {
      if (statement.columns().length === 0) throw new TypeError('This statement does not return data.');
    };
    return {
      all(...params) {
        returnsData();
        return statement.all(...params);
      },
      raw(enabled) {
        returnsData();
        statement.setReturnArrays(enabled);
      },
      columns() {
        returnsData();
        return statement.columns();
      },
      run(...params) {
        if (statement.columns().length > 0) throw new TypeError('This statement returns data.');
        return statement.run(...params);
      },
      safeIntegers: () => undefined,
    };
  }
  close(): void {
    this.#database.close();
  }
}
