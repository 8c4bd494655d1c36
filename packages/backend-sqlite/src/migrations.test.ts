import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { createCompiler, type Migration, migrate, migrations, sqliteDialect } from '@posthorn/store-sql';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createConnection } from './connection.ts';
import { sqlite } from './index.ts';
import { runtime, temporaryFolder } from './real-time.test-kit.ts';

const kit = (name: string) => join(import.meta.dirname, name);

function emptyFile(): string {
  const folder = temporaryFolder();
  onTestFinished(() => folder[Symbol.dispose]());
  return folder.file;
}

function ourTables(file: string): readonly string[] {
  const database = new DatabaseSync(file);
  const rows = database.prepare("select name from sqlite_master where name like 'posthorn%'").all();
  database.close();
  return rows.map(({ name }) => String(name));
}

describe('a migration', () => {
  it('that fails half-way leaves nothing behind', () => {
    const file = emptyFile();
    const failing: Migration = {
      version: 2,
      name: 'fails',
      statements: (db) => [
        db.schema.createTable('posthorn_half').addColumn('id', 'text').compile(),
        db.schema.createIndex('posthorn_nowhere').on('no_such_table').column('id').compile(),
      ],
    };
    const database = new DatabaseSync(file);
    const connection = createConnection(database, createCompiler(sqliteDialect));
    expect(() => connection.write(migrate(sqliteDialect, 0, [...migrations, failing]), 'full')).toThrow(
      'no_such_table',
    );
    database.close();
    expect(ourTables(file)).toEqual([]);
  });

  it('goes on from the version that is there', async () => {
    const file = emptyFile();
    await (await sqlite(file).open(runtime)).close();
    const next: Migration = {
      version: 2,
      name: 'next',
      statements: (db) => [db.schema.createTable('posthorn_next').addColumn('id', 'text').compile()],
    };
    const database = new DatabaseSync(file);
    const connection = createConnection(database, createCompiler(sqliteDialect));
    for (let times = 0; times < 2; times += 1) {
      connection.write(migrate(sqliteDialect, 7, [...migrations, next]), 'full');
    }
    expect(
      database.prepare('select version, applied_at from posthorn_migrations where version = 2').all(),
    ).toEqual([expect.objectContaining({ version: 2, applied_at: 7 })]);
    database.close();
    await expect(sqlite(file).open(runtime)).rejects.toMatchObject({ code: 'store_newer' });
  });

  it('that a process dies in leaves nothing, and the next process makes it', async () => {
    const file = emptyFile();
    const child = fork(kit('dying-migration.test-kit.ts'), [file], {
      stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
    });
    onTestFinished(() => void child.kill('SIGKILL'));
    if (child.stdout === null) throw new Error('The child has no output.');
    const [word] = await once(child.stdout, 'data');
    expect(String(word)).toBe('half-way');
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect(ourTables(file)).toEqual([]);
    const opened = await sqlite(file).open(runtime);
    expect(await opened.store.accounts.list('default')).toEqual([]);
    await opened.close();
  });

  it('is made once by several processes that open a new file together', async () => {
    const file = emptyFile();
    const children = Array.from({ length: 4 }, () => fork(kit('opening.test-kit.ts'), [file]));
    onTestFinished(() => {
      for (const child of children) child.kill('SIGKILL');
    });
    await Promise.all(children.map((child) => once(child, 'message')));
    const ends = children.map((child) => once(child, 'exit'));
    for (const child of children) child.send('go');
    expect((await Promise.all(ends)).map(([code]) => code)).toEqual([0, 0, 0, 0]);
  });
});
