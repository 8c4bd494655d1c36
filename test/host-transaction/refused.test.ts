import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { sqlite } from '@posthorn/backend-sqlite';
import { createPosthorn } from '@posthorn/core';
import { createFakeClock, recordingAdapter } from '@posthorn/testing';
import { describe, expect, it, onTestFinished } from 'vitest';
import { passUntilSettled } from '../clock.test-kit.ts';
import { countsOf, dumpOf, openFolder, openHostDatabase } from '../database.test-kit.ts';
import { furnish, openSalon, silent } from '../messages/salon.test-kit.ts';
import { adHoc, openShop } from './shop.test-kit.ts';

const refusal = (code: string, path?: string) =>
  expect.objectContaining({ code, advice: expect.any(String), ...(path === undefined ? {} : { path }) });

describe('`tx` is refused', () => {
  it('without an open transaction', async () => {
    const { posthorn, database, file } = await openShop();
    const before = dumpOf(file);
    await expect(posthorn.send({ ...adHoc, tx: database })).rejects.toThrow(refusal('tx_not_open', 'tx'));
    database.exec('begin; commit');
    await expect(posthorn.send({ ...adHoc, tx: database })).rejects.toThrow(refusal('tx_not_open', 'tx'));
    expect(dumpOf(file)).toEqual(before);
  });

  it('when its handle has been closed', async () => {
    const { posthorn, file } = await openShop();
    const own = new DatabaseSync(file);
    const other = createPosthornOn(own);
    await furnish(other);
    own.close();
    await expect(other.send({ ...adHoc, tx: own })).rejects.toThrow(refusal('tx_not_open', 'tx'));
    expect((await posthorn.messages.list()).items).toEqual([]);
  });

  it('where Posthorn has a file of its own', async () => {
    const file = join(openFolder(), 'messages.db');
    const { posthorn } = await openSalon({ backend: sqlite(file) });
    const tx = new DatabaseSync(file);
    onTestFinished(() => tx.close());
    tx.exec('begin');
    await expect(posthorn.send({ ...adHoc, tx })).rejects.toThrow(refusal('tx_unsupported', 'tx'));
  });

  it('where it is another handle, even on the same file', async () => {
    const { posthorn, file } = await openShop();
    const tx = new DatabaseSync(file);
    onTestFinished(() => tx.close());
    tx.exec('begin');
    for (const wrong of [tx, {}, true, 'tx', Symbol('tx')]) {
      await expect(posthorn.send({ ...adHoc, tx: wrong })).rejects.toThrow(refusal('tx_unsupported', 'tx'));
    }
    expect(countsOf(file).posthorn_messages).toBe(0);
  });

  it('beside `wait`, as nothing leaves before the commit', async () => {
    const { posthorn, database, file } = await openShop();
    database.exec('begin');
    await expect(posthorn.send({ ...adHoc, wait: 'accepted', tx: database })).rejects.toThrow(
      refusal('wait_with_tx', 'wait'),
    );
    database.exec('commit');
    expect(countsOf(file).posthorn_messages).toBe(0);
  });

  it('when somebody else has written since the transaction first read', async () => {
    const { posthorn, database, file } = await openShop();
    database.exec('begin');
    database.prepare('select count(*) from bookings').get();
    await posthorn.suppressions.add({ email: 'x@example.dk' });
    await expect(posthorn.send({ ...adHoc, tx: database })).rejects.toThrow(refusal('store_busy', 'tx'));
    database.exec('rollback');
    expect(countsOf(file).posthorn_messages).toBe(0);
  });
});

describe('a handle that Posthorn cannot share', () => {
  it.each([
    ['in memory', { database: new DatabaseSync(':memory:') }],
    ['temporary', { database: new DatabaseSync('') }],
    ['closed', { database: closedHandle() }],
    ['nothing', undefined],
    ['null', null],
    ['no options', {}],
    ['null in its place', { database: null }],
    ['a path in its place', { database: 'host.db' }],
    ['a number', 17],
    ['an empty path', ''],
  ])('is refused: %s', (_, where) => {
    expect(() => sqlite(where as string)).toThrow(expect.objectContaining({ code: 'invalid_input' }));
  });
});

describe('a send without `tx` beside an open transaction', () => {
  it('waits for its end', async () => {
    const { posthorn, database, book, bookings } = await openShop();
    database.exec('begin immediate');
    book();
    const sending = posthorn.send(adHoc);
    // The first tries meet the lock.
    for (let turn = 0; turn < 50; turn += 1) await new Promise(setImmediate);
    expect(await posthorn.messages.list()).toMatchObject({ items: [] });
    database.exec('commit');
    expect(await sending).toMatchObject({ status: 'queued' });
    expect(bookings()).toBe(1);
  });

  it('is refused after a while, naming `tx`; nothing is written, and the host may go on', async () => {
    const clock = createFakeClock();
    const { posthorn, database, file, book, bookings } = await openShop({ clock });
    const before = dumpOf(file);
    const startedAt = clock.now();
    database.exec('begin immediate');
    book();
    const sending = posthorn.send(adHoc);
    await passUntilSettled(clock, sending);
    await expect(sending).rejects.toThrow(
      expect.objectContaining({ code: 'store_busy', advice: expect.stringContaining('`tx`') }),
    );
    expect(clock.now() - startedAt).toBeGreaterThanOrEqual(5_000);
    database.exec('commit');
    expect([dumpOf(file), bookings()]).toEqual([before, 1]);
    expect(await posthorn.send(adHoc)).toMatchObject({ status: 'queued' });
  });

  it('is refused too where it is the very first call, which makes the tables', async () => {
    const clock = createFakeClock();
    const { database, file } = openHostDatabase();
    const posthorn = createPosthornOn(database, clock);
    database.exec('begin immediate');
    const listing = posthorn.messages.list();
    await passUntilSettled(clock, listing);
    await expect(listing).rejects.toThrow(
      expect.objectContaining({ code: 'store_busy', advice: expect.stringContaining('`tx`') }),
    );
    database.exec('rollback');
    expect(dumpOf(file)).toEqual({});
    expect(await posthorn.messages.list()).toMatchObject({ items: [] });
  });
});

describe('the handle of a host with habits of its own', () => {
  it.each([
    ['BigInts', { readBigInts: true }],
    ['rows as arrays', { returnArrays: true }],
  ])('that reads %s is shared all the same', async (_, options) => {
    const file = join(openFolder(), 'host.db');
    const database = new DatabaseSync(file, options);
    onTestFinished(() => database.close());
    const { posthorn } = await openSalon({ backend: sqlite({ database }) });
    database.exec('begin');
    const first = await posthorn.send({ ...adHoc, key: 'b-1', tx: database });
    const again = await posthorn.send({ ...adHoc, key: 'b-1', tx: database });
    database.exec('commit');
    expect(again).toMatchObject({ id: first.id, repeated: true, createdAt: first.createdAt });
  });
});

function createPosthornOn(database: DatabaseSync, clock = createFakeClock()) {
  const posthorn = createPosthorn({
    backend: sqlite({ database }),
    adapters: [recordingAdapter({ channel: 'email' })],
    secrets: { current: 'k1', keys: { k1: 'a key for tests that is long enough, 0123456789' } },
    clock,
    log: silent,
  });
  onTestFinished(() => posthorn.close());
  return posthorn;
}

function closedHandle(): DatabaseSync {
  const database = new DatabaseSync(':memory:');
  database.close();
  return database;
}
