import { postgres } from '@posthorn/backend-postgres';
import { createPosthorn } from '@posthorn/core';
import { startPostgres } from '@posthorn/postgres-server';
import { recordingAdapter } from '@posthorn/testing';
import { sql as drizzleSql } from 'drizzle-orm';
import { drizzle } from 'drizzle-orm/node-postgres';
import knex from 'knex';
import { Kysely, sql as kyselySql, PostgresDialect } from 'kysely';
import { Pool } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openPrisma } from './prisma.test-kit.ts';

const server = await startPostgres();
const url = await server.createDatabase();
const pool = new Pool({ connectionString: url });
// A pool that is ended does not wait for its connections to be closed; the server that is ended next may be first.
pool.on('error', () => {});
const kysely = new Kysely<unknown>({ dialect: new PostgresDialect({ pool }) });
const knexDb = knex({ client: 'pg', connection: url });
const drizzleDb = drizzle(pool);
const prisma = openPrisma(url);

const email = recordingAdapter({ channel: 'email' });
const posthorn = createPosthorn({
  backend: postgres(url),
  adapters: [email],
  secrets: { current: 'k1', keys: { k1: Buffer.alloc(32, 1).toString('base64') } },
});

beforeAll(async () => {
  await pool.query('create table bookings (guest text primary key)');
  await posthorn.identities.save({ key: 'salon', channel: 'email', address: 'hello@example.com' });
});

afterAll(async () => {
  await posthorn.close();
  await kysely.destroy();
  await knexDb.destroy();
  await prisma.$disconnect();
  await server.dropDatabase(url);
  await server.close();
});

/** What a host does in its transaction: `book` writes a row of its own, `tx` is what Posthorn is given. */
type Work = (tx: unknown, book: (guest: string) => Promise<unknown>) => Promise<void>;

interface Library {
  readonly name: string;
  /** What a transaction is begun on. */
  readonly database: unknown;
  transaction(work: Work): Promise<void>;
}

const libraries: readonly Library[] = [
  {
    name: 'pg',
    database: pool,
    async transaction(work) {
      const client = await pool.connect();
      try {
        await client.query('begin');
        await work(client, (guest) => client.query('insert into bookings values ($1)', [guest]));
        await client.query('commit');
      } catch (error) {
        await client.query('rollback');
        throw error;
      } finally {
        client.release();
      }
    },
  },
  {
    name: 'Kysely',
    database: kysely,
    transaction: (work) =>
      kysely
        .transaction()
        .execute((tx) => work(tx, (guest) => kyselySql`insert into bookings values (${guest})`.execute(tx))),
  },
  {
    name: 'Knex',
    database: knexDb,
    transaction: (work) =>
      knexDb.transaction((tx) => work(tx, (guest) => tx.raw('insert into bookings values (?)', [guest]))),
  },
  {
    name: 'Drizzle',
    database: drizzleDb,
    transaction: (work) =>
      drizzleDb.transaction((tx) =>
        work(tx, (guest) => tx.execute(drizzleSql`insert into bookings values (${guest})`)),
      ),
  },
  {
    name: 'Prisma',
    database: prisma,
    transaction: (work) =>
      prisma.$transaction((tx) =>
        work(tx, (guest) => tx.$executeRaw`insert into bookings values (${guest})`),
      ),
  },
];

describe.each(libraries)('a booking and its confirmation in one transaction of $name', (library) => {
  const guest = (name: string) => `${name}.${library.name.toLowerCase()}@example.org`;
  const confirm = (to: string, tx: unknown) =>
    posthorn.send({ to: { email: to }, email: { subject: 'Tak', text: 'Vi ses, Ærø 🎉' }, key: to, tx });
  const written = async (to: string) => {
    const { rows } = await pool.query('select 1 from bookings where guest = $1', [to]);
    const { items } = await posthorn.messages.list({ address: to });
    return { bookings: rows.length, messages: items.length };
  };
  const sentTo = (to: string) => email.handedOver.filter((message) => message.to === to).length;

  it('are there together, and it is sent', async () => {
    const to = guest('anna');
    await library.transaction(async (tx, book) => {
      await book(to);
      await confirm(to, tx);
      expect(await written(to)).toEqual({ bookings: 0, messages: 0 });
    });
    expect(await written(to)).toEqual({ bookings: 1, messages: 1 });
    await posthorn.drain({ maxMs: 15_000 });
    expect(sentTo(to)).toBe(1);
  });

  it('were never there where it is rolled back', async () => {
    const to = guest('bo');
    const changedMind = library.transaction(async (tx, book) => {
      await book(to);
      await confirm(to, tx);
      throw new Error('changed their mind');
    });
    await expect(changedMind).rejects.toThrow('changed their mind');
    expect(await written(to)).toEqual({ bookings: 0, messages: 0 });
    const { rows } = await pool.query('select count(*)::int as jobs from posthorn_jobs.job');
    expect(rows).toEqual([{ jobs: 0 }]);
    // Its key is free: the same booking may be made again.
    expect((await confirm(to, undefined)).repeated).toBe(false);
    await posthorn.drain({ maxMs: 15_000 });
    expect(sentTo(to)).toBe(1);
  });

  it('several sends at once are each whole', async () => {
    const all = ['c1', 'c2', 'c3', 'c4', 'c5'].map(guest);
    await library.transaction(async (tx) => {
      await Promise.all(all.map((to) => confirm(to, tx)));
    });
    await posthorn.drain({ maxMs: 15_000 });
    expect(all.map(sentTo)).toEqual([1, 1, 1, 1, 1]);
  });

  it('a send that is refused spoils neither the booking nor the sends beside it', async () => {
    const to = guest('dora');
    await library.transaction(async (tx, book) => {
      await book(to);
      await expect(confirm('no address', tx)).rejects.toThrow();
      await confirm(to, tx);
      // The same key for something else.
      const other = posthorn.send({
        to: { email: to },
        email: { subject: 'Else', text: 'E' },
        key: to,
        tx,
      });
      await expect(other).rejects.toMatchObject({ code: 'idempotency_conflict' });
    });
    expect(await written(to)).toEqual({ bookings: 1, messages: 1 });
    await posthorn.drain({ maxMs: 15_000 });
  });

  it('what the transaction would be begun on is refused, and says what to do', async () => {
    await expect(confirm(guest('eva'), library.database)).rejects.toMatchObject({
      code: 'tx_not_open',
      path: 'tx',
    });
  });
});

it('what is no transaction of any of them is refused', async () => {
  const to = { email: 'finn@example.org' };
  for (const tx of [{}, 'tx', 17, () => undefined, new Date()]) {
    await expect(posthorn.send({ to, email: { subject: 'S', text: 'T' }, tx })).rejects.toMatchObject({
      code: 'tx_unsupported',
    });
  }
});
