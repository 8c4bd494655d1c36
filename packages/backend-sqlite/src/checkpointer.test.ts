import { mkdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { expect, it, onTestFinished } from 'vitest';
import { Checkpointer } from './checkpointer.ts';
import { openDatabase, useWriteAheadLog } from './connection.ts';
import { runtime, temporaryFolder, until } from './real-time.test-kit.ts';

const MEGABYTE = 2 ** 20;

/** A table to write to, looked after by a checkpointer; `watched` is the file that its thread opens. */
async function open({ watched }: { watched?: string } = {}) {
  const folder = temporaryFolder();
  onTestFinished(() => folder[Symbol.dispose]());
  const database = await openDatabase(folder.file);
  useWriteAheadLog(database);
  database.exec('create table pages (content text)');
  const warnings: string[] = [];
  const log = { ...runtime.log, warn: (message: string) => warnings.push(message) };
  const checkpointer = new Checkpointer(watched ?? folder.file, database, log);
  onTestFinished(async () => {
    await checkpointer.close();
    database.close();
  });
  return { file: folder.file, database, checkpointer, warnings };
}

/** As many commits, each of 500 rows of half a page. */
function write({ database, checkpointer }: Awaited<ReturnType<typeof open>>, commits: number): void {
  const insert = database.prepare('insert into pages values (?)');
  for (let commit = 0; commit < commits; commit += 1) {
    database.exec('begin immediate');
    for (let row = 0; row < 500; row += 1) insert.run('x'.repeat(2_000));
    database.exec('commit');
    checkpointer.look();
  }
}

function autoCheckpoint(database: DatabaseSync): unknown {
  return database.prepare('pragma wal_autocheckpoint').get()?.wal_autocheckpoint;
}

it('a burst of commits is copied into the database by another thread, not within them', async () => {
  const opened = await open();
  write(opened, 12);
  expect(autoCheckpoint(opened.database)).toBe(16_000);
  await until('what was written stands in the file itself', () => {
    write(opened, 1);
    return statSync(opened.file).size > 10 * MEGABYTE;
  });
  expect(opened.warnings).toEqual([]);
});

it('a little is left to SQLite, without a thread', async () => {
  const opened = await open();
  write(opened, 2);
  expect(autoCheckpoint(opened.database)).toBe(1_000);
});

it('where the thread cannot open the file, commits copy the log again as SQLite does by itself', async () => {
  const folder = temporaryFolder();
  onTestFinished(() => folder[Symbol.dispose]());
  mkdirSync(folder.file);
  const opened = await open({ watched: dirname(folder.file) });
  write(opened, 12);
  await until('the thread has ended', () => autoCheckpoint(opened.database) === 1_000);
  expect(opened.warnings).toEqual(['The write-ahead log is copied within commits from now on.']);
  write(opened, 12);
  expect(autoCheckpoint(opened.database)).toBe(1_000);
  expect(statSync(opened.file).size).toBeGreaterThan(MEGABYTE);
});

it('has let go of the file once it is closed', async () => {
  const opened = await open();
  write(opened, 12);
  await opened.checkpointer.close();
  opened.database.exec('pragma journal_mode = delete');
  expect(opened.database.prepare('pragma journal_mode').get()).toEqual({ journal_mode: 'delete' });
});
