import { fork } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { createCompiler, type Migration, migrate, migrations, sqliteDialect } from '@posthorn/store-sql';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createConnection } from './connection.ts';
import { sqlite } from './index.ts';
import { runtime, temporaryFolder } from './real-time.test-kit.ts';

/** The version after those there are. */
const NEXT = migrations.length + 1;

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

describe('a database of version 1', () => {
  it('goes on with all that is in it', async () => {
    const file = emptyFile();
    const database = new DatabaseSync(file);
    const connection = createConnection(database, createCompiler(sqliteDialect));
    connection.write(migrate(sqliteDialect, 0, migrations.slice(0, 1)), 'full');
    database.exec(`
      insert into posthorn_accounts values
        ('default', 'own', 'smtp', 'email', null, '{"host":"smtp.salonsol.dk"}', null, null, 1, 2);
      insert into posthorn_jobs (id, tenant, account, account_tenant, chunk, priority, available_at, failures)
        values ('job-1', 'default', 'own', 'default', 'chunk-1', 0, 0, 0);`);
    for (const [id, chunk, dueAt] of [
      ['message-1', 'chunk-1', 3],
      ['message-2', null, 3],
      ['message-3', null, 60_000],
    ] as const) {
      database
        .prepare(
          `insert into posthorn_messages values (?, 'default', 'email', 'confirmation', 'version-1', 'skeleton-1',
            '["Anna"]', null, null, '{"from":{"address":"hej@salonsol.dk"},"replyTo":null}', 'own', 'default',
            'customers', '17', null, 'anna@example.dk', ?, 'da', 'Europe/Copenhagen', null, null, null, null, 3, null, null)`,
        )
        .run(id, `key of ${id}`);
      database
        .prepare(
          `insert into posthorn_deliveries values (?, 'default', 'own', 'default', 3, 'queued', ?, 0, ?, 0, null, 0,
            null, null, null, null, null)`,
        )
        .run(id, dueAt, chunk);
    }
    database.close();

    const { store, queue, close } = await sqlite(file).open(runtime);
    expect(await store.accounts.get('default', 'own')).toMatchObject({ limits: null, createdAt: 1 });
    const found = await store.messages.list(
      'default',
      { recipient: { source: 'customers', id: '17' } },
      { limit: 9 },
    );
    expect(found.map(({ message }) => [message.id, message.broadcast])).toEqual([
      ['message-3', null],
      ['message-2', null],
      ['message-1', null],
    ]);
    expect(await store.deliveries.queueDue(3, 10, randomUUID)).toEqual({ queued: 1, nextDueAt: 60_000 });
    const worked: string[] = [];
    const worker = queue.work(
      async (job, { token }) => {
        expect(job.kind).toBe('messages');
        const { rows } = await store.deliveries.lease(job, token, 3, randomUUID);
        worked.push(...rows.map(({ message }) => message.id));
        await store.deliveries.putBack(job, token, 60_000);
      },
      { concurrency: 1, leaseMs: 60_000, pollIntervalMs: 5 },
    );
    await expect.poll(() => queue.size()).toBe(0);
    await worker.stop();
    expect(worked.sort()).toEqual(['message-1', 'message-2']);
    await close();
  });
});

describe('a migration', () => {
  it('that fails half-way leaves nothing behind', () => {
    const file = emptyFile();
    const failing: Migration = {
      version: NEXT,
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
      version: NEXT,
      name: 'next',
      statements: (db) => [db.schema.createTable('posthorn_next').addColumn('id', 'text').compile()],
    };
    const database = new DatabaseSync(file);
    const connection = createConnection(database, createCompiler(sqliteDialect));
    for (let times = 0; times < 2; times += 1) {
      connection.write(migrate(sqliteDialect, 7, [...migrations, next]), 'full');
    }
    expect(
      database.prepare('select version, applied_at from posthorn_migrations where version = ?').all(NEXT),
    ).toEqual([expect.objectContaining({ version: NEXT, applied_at: 7 })]);
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
