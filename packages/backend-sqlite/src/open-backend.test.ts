import { chmodSync, closeSync, copyFileSync, openSync, writeFileSync, writeSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { EnqueueBatch, OpenedBackend } from '@posthorn/core';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openDatabase } from './connection.ts';
import { sqlite } from './index.ts';
import { openBackend } from './open-backend.ts';
import { messageIn, runtime, temporaryFolder } from './real-time.test-kit.ts';

function emptyFile(): string {
  const folder = temporaryFolder();
  onTestFinished(() => folder[Symbol.dispose]());
  return folder.file;
}

/** Opens it with our own connection as `prepare` leaves it. */
function openPrepared(file: string, prepare: (database: DatabaseSync) => void): Promise<OpenedBackend> {
  return openBackend(file, null, runtime, async (path) => {
    const database = await openDatabase(path);
    prepare(database);
    return database;
  });
}

function batchOf(count: number, prefix = 'message'): EnqueueBatch {
  const messages = Array.from({ length: count }, (_, i) => messageIn('chunk', `${prefix}-${i}`));
  return { tenant: 'default', key: null, content: [], files: [], messages, jobs: [], now: Date.now() };
}

async function migrated(file: string): Promise<void> {
  const opened = await sqlite(file).open(runtime);
  await opened.close();
}

describe('opening a database', () => {
  it('names the file in what two backends compare, however its path was written', () => {
    const file = emptyFile();
    const roundabout = join(dirname(file), '.', 'x', '..', 'messages.db');
    expect(sqlite(roundabout).location).toBe(`sqlite:${file}`);
    expect(sqlite(':memory:').location).toBeNull();
    const host = new DatabaseSync(file);
    expect(sqlite({ database: host }).location).toBe(sqlite(file).location);
    host.close();
  });

  it('refuses an empty path, a URI, and a handle in memory that no second connection could see', () => {
    expect(() => sqlite(' ')).toThrow(expect.objectContaining({ code: 'invalid_input' }));
    expect(() => sqlite('file:messages.db')).toThrow(expect.objectContaining({ code: 'invalid_input' }));
    expect(() => sqlite('messages\0.db')).toThrow(expect.objectContaining({ code: 'invalid_input' }));
    const host = new DatabaseSync(':memory:');
    expect(() => sqlite({ database: host })).toThrow(
      expect.objectContaining({ code: 'invalid_input', path: 'database' }),
    );
    host.close();
  });

  it('has no thread look after a database in memory, however much is written', async () => {
    let own: DatabaseSync | undefined;
    const opened = await openPrepared(':memory:', (database) => {
      own = database;
    });
    for (let commit = 0; commit < 8; commit += 1) {
      await opened.store.messages.enqueue(batchOf(500, `commit-${commit}`));
    }
    expect(own?.prepare('pragma wal_autocheckpoint').get()).toEqual({ wal_autocheckpoint: 1000 });
    await opened.close();
  });

  it('says that the folder is missing', async () => {
    const file = join(emptyFile(), 'no', 'such', 'folder.db');
    await expect(sqlite(file).open(runtime)).rejects.toMatchObject({
      code: 'store_unreachable',
      path: file,
      advice: expect.stringContaining('folder'),
    });
  });

  it('says that a file is no database', async () => {
    const file = emptyFile();
    writeFileSync(file, 'Dear diary, this is no database. '.repeat(100));
    await expect(sqlite(file).open(runtime)).rejects.toMatchObject({ code: 'store_corrupt', path: file });
  });

  it('says that a database is damaged', async () => {
    const file = emptyFile();
    const opened = await sqlite(file).open(runtime);
    await opened.store.messages.enqueue(batchOf(200));
    await opened.close();
    // Every page but the first is overwritten.
    const handle = openSync(file, 'r+');
    writeSync(handle, Buffer.alloc(400_000, 'x'), 0, 400_000, 4096);
    closeSync(handle);
    const read = sqlite(file)
      .open(runtime)
      .then(({ store }) => store.messages.list('default', {}, { limit: 10 }));
    await expect(read).rejects.toMatchObject({ code: 'store_corrupt', path: file });
  });

  it('refuses a database of a newer Posthorn, and leaves it as it is', async () => {
    const file = emptyFile();
    await migrated(file);
    const other = new DatabaseSync(file);
    other.exec("insert into posthorn_migrations values (9999, 'from the future', 0)");
    other.close();
    await expect(sqlite(file).open(runtime)).rejects.toMatchObject({
      name: 'StoreError',
      code: 'store_newer',
      advice: expect.stringContaining('Update'),
    });
  });

  it('brings its tables into a database that has others', async () => {
    const file = emptyFile();
    const host = new DatabaseSync(file);
    onTestFinished(() => host.close());
    host.exec('create table messages (id integer); insert into messages values (7)');
    await migrated(file);
    expect(host.prepare('select id from messages').get()).toMatchObject({ id: 7 });
    const tables = host.prepare("select name from sqlite_master where type = 'table'").all();
    const ours = tables.map(({ name }) => String(name)).filter((name) => name !== 'messages');
    expect(ours.length).toBeGreaterThan(10);
    expect(ours.filter((name) => !name.startsWith('posthorn_'))).toEqual([]);
  });

  it('needs no write lock where the tables are there already', async () => {
    const file = emptyFile();
    await migrated(file);
    const host = new DatabaseSync(file);
    onTestFinished(() => host.close());
    host.exec('begin immediate');
    const opened = await sqlite({ database: host }).open(runtime);
    expect(await opened.store.accounts.list('default')).toEqual([]);
    await opened.close();
  });
});

describe('many calls, one after the other', () => {
  it('leave the event loop its turns, so that a server answers meanwhile', async () => {
    const opened = await sqlite(emptyFile()).open(runtime);
    onTestFinished(() => opened.close());
    let ticks = 0;
    const ticking = setInterval(() => {
      ticks += 1;
    }, 1);
    const until = Date.now() + 300;
    for (let i = 0; Date.now() < until; i += 1) await opened.store.messages.enqueue(batchOf(1, `loop-${i}`));
    clearInterval(ticking);
    expect(ticks).toBeGreaterThan(3);
  });
});

describe('a database that cannot be written to', () => {
  it('is told of where it is opened for reading only', async () => {
    const file = emptyFile();
    await migrated(file);
    const opened = await openPrepared(file, (database) => database.exec('pragma query_only = 1'));
    onTestFinished(() => opened.close());
    expect(await opened.store.messages.list('default', {}, { limit: 1 })).toEqual([]);
    await expect(opened.store.messages.enqueue(batchOf(1))).rejects.toMatchObject({
      code: 'store_readonly',
      path: file,
      advice: expect.stringContaining('folder'),
    });
  });

  it.skipIf(process.getuid?.() === 0)('is told of where the file forbids it', async () => {
    const file = emptyFile();
    await migrated(file);
    const copy = `${file}.copy`;
    copyFileSync(file, copy);
    chmodSync(copy, 0o444);
    chmodSync(dirname(copy), 0o555);
    onTestFinished(() => chmodSync(dirname(copy), 0o755));
    const written = sqlite(copy)
      .open(runtime)
      .then(({ store }) => store.messages.enqueue(batchOf(1)));
    await expect(written).rejects.toMatchObject({
      code: expect.stringMatching(/store_(readonly|unreachable)/),
    });
  });

  it('leaves nothing half written where the disk is full, and goes on when there is room', async () => {
    const file = emptyFile();
    await migrated(file);
    let own: DatabaseSync | undefined;
    const opened = await openPrepared(file, (database) => {
      database.exec('pragma max_page_count = 60');
      own = database;
    });
    onTestFinished(() => opened.close());
    const { messages } = opened.store;
    await expect(messages.enqueue(batchOf(500))).rejects.toMatchObject({ code: 'store_full', path: file });
    expect(await messages.list('default', {}, { limit: 1 })).toEqual([]);
    expect(await messages.enqueue(batchOf(1, 'small'))).toEqual({ status: 'written' });
    own?.exec('pragma max_page_count = 100000');
    expect(await messages.enqueue(batchOf(500))).toEqual({ status: 'written' });
  });
});
