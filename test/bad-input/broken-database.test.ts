import { mkdirSync, openSync, readFileSync, truncateSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { sqlite } from '@posthorn/backend-sqlite';
import { createPosthorn, StoreError } from '@posthorn/core';
import { recordingAdapter } from '@posthorn/testing';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { countsOf, dumpOf, openFolder, openHostDatabase } from '../database.test-kit.ts';
import { furnish, openSalon, silent } from '../messages/salon.test-kit.ts';

const content = { to: { email: 'anna@example.dk' }, email: { subject: 'S', text: 'T' } };
const big = { ...content, attachments: [{ filename: 'a.txt', content: 'x'.repeat(500_000) }] };

function openOn(where: Parameters<typeof sqlite>[0]) {
  const posthorn = createPosthorn({
    backend: sqlite(where),
    adapters: [recordingAdapter({ channel: 'email' })],
    secrets: { current: 'k1', keys: { k1: 'a key for tests that is long enough, 0123456789' } },
    log: silent,
  });
  onTestFinished(() => posthorn.close());
  return posthorn;
}

/** A database that was in use and is closed. */
async function usedFile(): Promise<string> {
  const file = join(openFolder(), 'messages.db');
  const { posthorn } = await openSalon({ backend: sqlite(file) });
  await posthorn.send(content);
  await posthorn.close();
  return file;
}

async function refusalOf(call: Promise<unknown>): Promise<StoreError> {
  const error: unknown = await call.catch((thrown: unknown) => thrown);
  if (!(error instanceof StoreError)) throw error;
  expect(error.advice).toEqual(expect.any(String));
  return error;
}

describe('a database that cannot be written to', () => {
  it('says so for what writes, and still answers what reads', async () => {
    const file = await usedFile();
    // File format write version 3 (https://www.sqlite.org/fileformat.html#file_format_version_numbers): read only, to
    // whoever knows versions up to 2. It holds for root too, whom no permission stops.
    writeSync(openSync(file, 'r+'), Uint8Array.of(3), 0, 1, 18);
    const before = dumpOf(file);
    const posthorn = openOn(file);
    expect((await posthorn.messages.list()).items).toHaveLength(1);
    const error = await refusalOf(posthorn.send(content));
    expect(error).toMatchObject({ code: 'store_readonly', path: file });
    expect(error.advice).toMatch(/write/);
    expect(dumpOf(file)).toEqual(before);
  });

  it('says so on the host’s transaction, which the host may then roll back', async () => {
    const { database, file } = openHostDatabase();
    await furnish(openOn({ database }));
    const readOnly = new DatabaseSync(file, { readOnly: true });
    onTestFinished(() => readOnly.close());
    const posthorn = openOn({ database: readOnly });
    readOnly.exec('begin');
    expect(await refusalOf(posthorn.send({ ...content, tx: readOnly }))).toMatchObject({
      code: 'store_readonly',
    });
    readOnly.exec('rollback');
    expect(countsOf(file).posthorn_messages).toBe(0);
  });

  it.each([
    ['in a folder that is not there', (folder: string) => join(folder, 'no', 'such', 'messages.db')],
    ['that is a folder', (folder: string) => folder],
    [
      'below a file',
      (folder: string) => {
        writeFileSync(join(folder, 'file'), '');
        return join(folder, 'file', 'messages.db');
      },
    ],
  ])('nor opened, %s', async (_, place) => {
    const file = place(openFolder());
    const error = await refusalOf(openOn(file).send(content));
    expect(error).toMatchObject({ code: 'store_unreachable', path: file });
    expect(error.message).toContain(file);
  });

  it('is opened at the next call, once the folder is there', async () => {
    const folder = join(openFolder(), 'later');
    const posthorn = openOn(join(folder, 'messages.db'));
    await refusalOf(posthorn.messages.list());
    mkdirSync(folder);
    expect(await posthorn.messages.list()).toEqual({ items: [], next: null });
  });
});

describe('a full disk', () => {
  it('on the host’s transaction leaves nothing of the message', async () => {
    const { database, file } = openHostDatabase();
    const posthorn = openOn({ database });
    await furnish(posthorn);
    const before = dumpOf(file);
    limit(database, 5);
    database.exec('begin');
    const error = await refusalOf(posthorn.send({ ...big, key: 'b-1', tx: database }));
    expect(error).toMatchObject({ code: 'store_full', path: file });
    if (database.isTransaction) database.exec('commit');
    expect(dumpOf(file)).toEqual(before);

    limit(database, 1_000_000);
    expect(await posthorn.send({ ...big, key: 'b-1', wait: 'accepted' })).toMatchObject({
      status: 'accepted',
    });
  });

  it('under a file of its own leaves nothing of the message', async () => {
    const file = await usedFile();
    const before = dumpOf(file);
    const prepare = vi.spyOn(DatabaseSync.prototype, 'prepare');
    const posthorn = openOn(file);
    await posthorn.messages.list();
    const [connection] = prepare.mock.contexts;
    prepare.mockRestore();
    limit(connection as DatabaseSync, 5);
    for (let tries = 0; tries < 2; tries += 1) {
      expect(await refusalOf(posthorn.send(big))).toMatchObject({ code: 'store_full', path: file });
    }
    expect(await posthorn.messages.list()).toMatchObject({ items: [{ subject: 'S' }] });
    expect(dumpOf(file)).toEqual(before);
    limit(connection as DatabaseSync, 1_000_000);
    expect(await posthorn.send({ ...big, wait: 'accepted' })).toMatchObject({ status: 'accepted' });
  });
});

/** SQLite answers as on a full disk when a connection needs more pages than it may. */
function limit(connection: DatabaseSync, morePages: number): void {
  const pages = Number(connection.prepare('pragma page_count').get()?.page_count);
  connection.exec(`pragma max_page_count = ${pages + morePages}`);
}

describe('a damaged file', () => {
  it.each([
    ['text', 'This is no database at all, but it is long enough to be looked at.'.repeat(100)],
    ['zeros where the header was', '\0'.repeat(100)],
  ])('that begins with %s', async (_, header) => {
    const file = await usedFile();
    writeSync(openSync(file, 'r+'), header, 0);
    const before = readFileSync(file);
    const posthorn = openOn(file);
    const error = await refusalOf(posthorn.send(content));
    expect(error).toMatchObject({ code: 'store_corrupt', path: file });
    expect(await refusalOf(posthorn.messages.list())).toMatchObject({ code: 'store_corrupt' });
    expect(readFileSync(file).equals(before)).toBe(true);
  });

  it('whose pages are scribbled over', async () => {
    const file = await usedFile();
    const size = readFileSync(file).length;
    writeSync(openSync(file, 'r+'), Buffer.alloc(size - 4096, 'scribble'), 0, undefined, 4096);
    expect(await refusalOf(openOn(file).send(content))).toMatchObject({ code: 'store_corrupt', path: file });
  });

  it('that was cut off', async () => {
    const file = await usedFile();
    truncateSync(file, 3 * 4096);
    expect(await refusalOf(openOn(file).send(content))).toMatchObject({ code: 'store_corrupt', path: file });
  });

  it('is not taken for an empty one where another table stands in the place of ours', async () => {
    const { database, file } = openHostDatabase();
    database.exec('create table posthorn_messages (id integer)');
    const error = await refusalOf(openOn({ database }).send(content));
    expect(error.code).toBe('store_failed');
    expect(error.message).toContain('posthorn_messages');
    expect(Object.keys(dumpOf(file))).toEqual(['posthorn_messages']);
  });
});

describe('a database of a newer version', () => {
  it('is left alone', async () => {
    const file = await usedFile();
    const newer = new DatabaseSync(file);
    newer.exec(
      "insert into posthorn_migrations (version, name, applied_at) values (99, 'from-the-future', 0)",
    );
    newer.close();
    const before = dumpOf(file);
    const posthorn = openOn(file);
    const error = await refusalOf(posthorn.send(content));
    expect(error).toMatchObject({ code: 'store_newer' });
    expect(error.message).toContain('99');
    expect(error.advice).toMatch(/update/i);
    expect(await refusalOf(posthorn.start())).toMatchObject({ code: 'store_newer' });
    expect(dumpOf(file)).toEqual(before);
  });
});
